using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.Testing.Operators;

/// <summary>
/// A pool of control planes that tests use one after the other, because a start takes longer than most tests. A control plane from the pool has no
/// declarations, policies, Clusters, or ledger, but may have namespaces and workloads of earlier tests. Disposing it returns it to the pool.
/// </summary>
public static class ClusterPool
{
    /// <summary>A namespace for workloads that every test may use. Added labels are removed when a test ends.</summary>
    public const string Shop = "shop";

    private const string NameLabel = "kubernetes.io/metadata.name";

    private static readonly ControlPlaneOptions Own = new() { ExternalKubeconfig = null, Audit = true };
    private static readonly ConcurrentBag<TestCluster> Hubs = [];
    private static readonly ConcurrentBag<TestCluster> Members = [];

    /// <summary>Takes a control plane with the CRDs, the operator's namespace, and an audit log.</summary>
    public static async Task<TestCluster> TakeAsync()
    {
        var hub = Hubs.TryTake(out var free) ? free : await TestCluster.StartAsync(Own);
        hub.OnDispose = () => TryReturnAsync(hub, Hubs, EmptyHubAsync);
        return hub;
    }

    /// <summary>Takes a control plane with an audit log, to register as a member. Nothing of Wayleave is installed in it.</summary>
    public static async Task<TestCluster> TakeMemberAsync()
    {
        var member = Members.TryTake(out var free) ? free : await TestCluster.StartBareAsync(Own);
        member.OnDispose = () => TryReturnAsync(member, Members, EmptyAsync);
        return member;
    }

    /// <summary>Stops the control planes that are not in use, so that they use no CPU while a test measures durations.</summary>
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

    // False for a control plane that is stopped or cannot be cleaned up.
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
        // The operator that would remove the finalizers no longer runs.
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
