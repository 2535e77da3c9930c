using System.Collections;
using k8s.Exceptions;
using Wayleave.Hosting;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;
using Wayleave.Settings;

var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
return await FlagCommand.InvokeAsync(OperatorCommand.Create(RunAsync), args, CancellationToken.None);

async Task<int> RunAsync(IReadOnlyDictionary<string, string> given, CancellationToken cancellationToken)
{
    try
    {
        var options = OperatorOptions.Read(given, environment);
        var source = new ConfigurationLocator(environment).Locate(options.Kubeconfig, options.Context) with
        {
            UserAgent = $"wayleave-operator/{OperatorVersion.Text}",
        };
        return await OperatorHost.RunAsync(options, source, cancellationToken);
    }
    catch (Exception error) when (error is OptionsException or KubeConfigException)
    {
        await Console.Error.WriteLineAsync($"wayleave-operator: {error.Message}");
        return ExitCodes.InvalidConfiguration;
    }
}
