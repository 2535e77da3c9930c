using System.Collections;
using Wayleave.Cli;
using Wayleave.Cli.Access;
using Wayleave.Cli.Commands;
using Wayleave.Cli.Telemetry;

var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
return await CliCommand.InvokeAsync(args, new CliEnvironment
{
    Output = Console.Out,
    Error = Console.Error,
    Input = Console.In,
    Variables = variables,
    IsTerminal = !Console.IsOutputRedirected,
    IsInputTerminal = !Console.IsInputRedirected,
    IsErrorTerminal = !Console.IsErrorRedirected,
    StateDirectory = TelemetryStateFile.FindDirectory(variables),
    Connect = (kubeconfig, context) => ClusterConnection.Open(variables, kubeconfig, context, Console.Error),
    ConnectToWrite = (kubeconfig, context) => ClusterConnection.Open(variables, kubeconfig, context, Console.Error, mayWrite: true),
});
