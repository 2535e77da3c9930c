using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Clusters;

/// <summary>The chart's script that writes a kubeconfig for a member. The tests of clusters connect with what it writes.</summary>
[Collection(ClustersCollection.Name)]
public sealed class MemberKubeconfigTests
{
    private const string ServerName = "kubernetes.default.svc";

    [Fact]
    public async Task Keeps_the_TLS_server_name_of_the_context()
    {
        await using var member = await ClusterPool.TakeMemberAsync();
        await MemberClusters.GrantAsync(member);
        var plane = member.ControlPlane;
        var copy = await plane.WriteKubeconfigAsync(plane.Server);
        string[] names = ["config", "view", "--output=jsonpath={.contexts[0].name} {.clusters[0].name}"];
        var (context, cluster) = (await plane.KubectlAsync(names)).EnsureSuccess().Output.Split(' ') is [var first, var second] ? (first, second) : default;
        (await plane.KubectlAsync(["config", $"--kubeconfig={copy}", "set-cluster", cluster, $"--tls-server-name={ServerName}"])).EnsureSuccess();

        var script = Testing.Checkout.PathOf("charts", "wayleave", "files", "member-kubeconfig.sh");
        var written = (await plane.ScriptAsync("-c", ["KUBECONFIG=\"$1\" exec sh \"$2\" \"$3\" 1h", "sh", copy, script, context])).EnsureSuccess().Output;

        var file = Path.Combine(plane.Directory, "member.kubeconfig");
        await File.WriteAllTextAsync(file, written);
        string[] query = ["config", $"--kubeconfig={file}", "view", "--output=jsonpath={.clusters[0].cluster.tls-server-name}"];
        (await plane.KubectlAsync(query)).EnsureSuccess().Output.ShouldBe(ServerName);
        (await plane.KubectlAsync([$"--kubeconfig={file}", "get", "networkpolicies", "--all-namespaces"])).EnsureSuccess();
    }
}
