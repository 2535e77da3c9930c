namespace Wayleave.Testing.ControlPlane;

/// <summary>helm and kubectl, set up for one cluster.</summary>
/// <param name="folder">The folder of the programs.</param>
/// <param name="caches">A folder for their caches. Two clusters may have the same address, one after the other.</param>
internal sealed class ClusterTools(string folder, string kubeconfig, string caches)
{
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal)
    {
        ["KUBECONFIG"] = kubeconfig,
        ["KUBECACHEDIR"] = Path.Combine(caches, "kubectl-cache"),
        ["HELM_CACHE_HOME"] = Path.Combine(caches, "helm-cache"),
        ["HELM_CONFIG_HOME"] = Path.Combine(caches, "helm-config"),
        ["HELM_DATA_HOME"] = Path.Combine(caches, "helm-data"),
        ["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}",
    };

    public Task<ProcessResult> RunAsync(
        string name, IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync(Path.Combine(folder, name), arguments, input, _environment, cancellationToken);

    /// <summary>Runs a shell script that calls them.</summary>
    public Task<ProcessResult> RunScriptAsync(string script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync("sh", [script, .. arguments], input: null, _environment, cancellationToken);

    /// <summary>The server of the kubeconfig's current context.</summary>
    public async Task<Uri> ServerAsync(CancellationToken cancellationToken)
    {
        string[] query = ["config", "view", "--minify", "--output=jsonpath={.clusters[0].cluster.server}"];
        var result = await RunAsync("kubectl", query, input: null, cancellationToken);
        return new Uri(result.EnsureSuccess().Output.Trim());
    }

    public async Task<ServerVersion> VersionAsync(CancellationToken cancellationToken) =>
        ServerVersion.Parse((await RunAsync("kubectl", ["get", "--raw=/version"], input: null, cancellationToken)).EnsureSuccess().Output);
}
