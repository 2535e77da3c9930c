using System.Collections;
using k8s.Exceptions;
using Wayleave.Hosting;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Mapper.Configuration;
using Wayleave.Mapper.Hosting;
using Wayleave.Settings;

var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
return await FlagCommand.InvokeAsync(
    FlagCommand.Create("Keeps a map of which workloads call which, from the reports of sensors.", MapperFlags.All, RunAsync),
    args,
    CancellationToken.None);

async Task<int> RunAsync(IReadOnlyDictionary<string, string> given, CancellationToken cancellationToken)
{
    try
    {
        var options = MapperOptions.Read(given, environment);
        var source = new ConfigurationLocator(environment).Locate(options.Kubeconfig, options.Context) with
        {
            UserAgent = $"wayleave-mapper/{MapperHost.Version}",
        };
        return await MapperHost.RunAsync(options, source, cancellationToken);
    }
    catch (Exception error) when (error is OptionsException or KubeConfigException)
    {
        await Console.Error.WriteLineAsync($"wayleave-mapper: {error.Message}");
        return ExitCodes.InvalidConfiguration;
    }
}
