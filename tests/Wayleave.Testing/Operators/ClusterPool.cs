using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.Testing.Operators;

/// <summary>
/// Control planes of our own that tests use one after the other: starting one takes longer than most of what a test does with it. What a test takes
/// has no declaration, policy, Cluster or ledger in it; there may be namespaces and workloads of earlier tests. Disposing it returns it.
/// </summary>
public static class ClusterPool
{
    /// <summary>A namespace for workloads that every test may use; it gets its labels back.</summary>
    public const string Shop = "shop";

    private const string NameLabel = "kubernetes.io/metadata.name";

    private static readonly ControlPlaneOptions Own = new() { ExternalKubeconfig = null, Audit = true };
    private static readonly ConcurrentBag<TestCluster> Hubs = [];
    private static readonly ConcurrentBag<TestCluster> Members = [];

    /// <summary>One with the CRDs, the operator's namespace and an audit log.</summary>
    public static async Task<TestCluster> TakeAsync()
    {
        var hub = Hubs.TryTake(out var free) ? free : await TestCluster.StartAsync(Own);
        hub.OnDispose = () => TryReturnAsync(hub, Hubs, EmptyHubAsync);
        return hub;
    }

    /// <summary>One with an audit log to register as a member: nothing of ours is installed in it.</summary>
    public static async Task<TestCluster> TakeMemberAsync()
    {
        var member = Members.TryTake(out var free) ? free : await TestCluster.StartBareAsync(Own);
        member.OnDispose = () => TryReturnAsync(member, Members, EmptyAsync);
        return member;
    }

    /// <summary>Ends those that are not in use, so that they take no processor time from a test that judges how long things take.</summary>
    public static async Task DrainAsync()
    {
        List<Task> ending = [];
        while (Hubs.TryTake(out var free) || Members.TryTake(out free))
        {
            free.OnDispose = null;
            ending.Add(free.DisposeAsync().AsTask());
        }

        await Task.WhenAll(ending);
    }

    // False for one that a test has stopped, or left in a state that the next test must not see.
    private static async Task<bool> TryReturnAsync(TestCluster cluster, ConcurrentBag<TestCluster> free, Func<TestCluster, Task> empty)
    {
        try
        {
            (await cluster.ControlPlane.KubectlAsync(["get", "--raw=/readyz", "--request-timeout=5s"])).EnsureSuccess();
            await empty(cluster);
        }
        catch (Exception error) when (error is InvalidOperationException or HttpRequestException or KubernetesException or TimeoutException)
        {
            return false;
        }

        free.Add(cluster);
        return true;
    }

    private static async Task EmptyHubAsync(TestCluster hub)
    {
        // The operator that would remove the finalizers does not run any more.
        var clusters = await hub.Client.ListAsync<Cluster>(new ListOptions(), default);
        foreach (var cluster in clusters.Items)
        {
            string[] release = ["patch", "clusters.wayleave.dev", cluster.Metadata.Name!, "--type=merge", """--patch={"metadata": {"finalizers": null}}"""];
            (await hub.ControlPlane.KubectlAsync(release)).EnsureSuccess();
        }

        await hub.DeleteAllAsync<Cluster>();
        await hub.DeleteDeclarationsAsync();
        await hub.Client.DeleteAsync<V1ConfigMap>("wayleave-telemetry", MemberClusters.Home, null, default);
        string[] secrets = ["delete", "secrets", "--field-selector=type=Opaque", $"--namespace={MemberClusters.Home}"];
        (await hub.ControlPlane.KubectlAsync(secrets)).EnsureSuccess();
        await EmptyAsync(hub);
    }

    private static async Task EmptyAsync(TestCluster cluster)
    {
        await cluster.DeleteAllAsync<V1NetworkPolicy>();
        var shop = await cluster.Client.GetAsync<V1Namespace>(Shop, null, default);
        string[] others = [.. (shop?.Metadata.Labels?.Keys ?? Enumerable.Empty<string>()).Where(key => key != NameLabel)];
        if (others.Length > 0)
        {
            (await cluster.ControlPlane.KubectlAsync(["label", "namespace", Shop, .. others.Select(key => $"{key}-")])).EnsureSuccess();
        }
    }
}
