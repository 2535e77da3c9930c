using System.Collections;
using Wayleave.Cli;
using Wayleave.Cli.Access;
using Wayleave.Cli.Commands;

var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
return await CliCommand.InvokeAsync(args, new CliEnvironment
{
    Output = Console.Out,
    Error = Console.Error,
    Input = Console.In,
    Variables = variables,
    IsTerminal = !Console.IsOutputRedirected,
    Connect = (kubeconfig, context) => ClusterConnection.Open(variables, kubeconfig, context, Console.Error),
});
