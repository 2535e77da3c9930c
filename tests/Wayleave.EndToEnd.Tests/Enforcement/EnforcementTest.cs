using Wayleave.Testing.Dns;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>What the tests of enforcement in the shared cluster have in common.</summary>
public abstract class EnforcementTest(SharedCluster shared)
{
    protected TestCluster Cluster => shared.Cluster;

    protected OperatorProcess Operator => shared.Operator;

    protected DnsServer Dns => shared.Dns;

    protected Task<string> NewNamespaceAsync() => shared.NewNamespaceAsync(GetType().Name.Replace("Tests", "", StringComparison.Ordinal).ToLowerInvariant());

    protected Task ApplyAsync(params IReadOnlyList<string> documents) => Cluster.ApplyAsync(string.Join("\n---\n", documents));

    /// <summary>Creates a namespace with Deployments.</summary>
    protected async Task<string> NewNamespaceWithAsync(params IReadOnlyList<string> deployments)
    {
        var @namespace = await NewNamespaceAsync();
        await ApplyAsync([.. deployments.Select(name => Yaml.Workload(@namespace, name))]);
        return @namespace;
    }

    protected async Task<string> KubectlAsync(params IReadOnlyList<string> arguments) =>
        (await Cluster.ControlPlane.KubectlAsync(arguments)).EnsureSuccess().Output;
}
