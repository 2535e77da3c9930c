using System.Globalization;
using Wayleave.Api;
using Wayleave.Testing.Mapping;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>A workload that calls and is called.</summary>
/// <param name="Controller">The owner reference of its Pods, as JSON. Empty for a Pod by itself.</param>
internal sealed record ShopWorkload(string Namespace, string Kind, string Name, string Controller)
{
    public string Key => $"{Namespace}/{Kind}/{Name}";
}

/// <summary>A Pod, also one that was deleted.</summary>
/// <param name="Port">Its own port: no other Pod listens on it.</param>
/// <param name="StartedAt">Nothing is called before.</param>
internal sealed record ShopPod(Guid Uid, ShopWorkload Workload, SimulatedPod Written, int Node, int Port, DateTimeOffset StartedAt)
{
    /// <summary>A time after it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>A time before it was deleted. Null while it exists.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}

/// <summary>A Service of the Pods that stay.</summary>
internal sealed record ShopService(string Address, ShopWorkload Workload);

/// <summary>
/// Workloads with Pods on several nodes. Some Pods are replaced by those of other workloads, with the same addresses. A Pod has its address
/// for twelve minutes, so that a time says whose it was; the times are in the past, within the hour that a sensor remembers.
/// </summary>
internal sealed class ChaosShop(TestCluster cluster, Random random) : IDisposable
{
    public const int Nodes = 8;
    private const int PodsPerWorkload = 4;
    private const int StayingPods = 2;
    private const int MaxGenerations = 4;
    private const int FirstPort = 8000;

    private static readonly string[] _namespaces = ["shop", "pay", "data"];
    private static readonly TimeSpan _firstStart = TimeSpan.FromMinutes(50);
    private static readonly TimeSpan _generation = TimeSpan.FromMinutes(12);

    private readonly SimulatedNodes _nodes = new(cluster);
    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;
    private readonly List<ShopWorkload> _workloads = [];
    private readonly List<ShopPod> _pods = [];
    private readonly List<ShopPod> _replaceable = [];
    private int _ports = FirstPort;

    /// <summary>All Pods, with those that were deleted.</summary>
    public IReadOnlyList<ShopPod> Pods => _pods;

    /// <summary>The Pods that stay.</summary>
    public IReadOnlyList<ShopPod> Staying { get; private set; } = [];

    public IReadOnlyList<ShopService> Services { get; private set; } = [];

    /// <summary>The tokens of the sensors.</summary>
    public IReadOnlyList<string> Tokens { get; private set; } = [];

    public Task<string> ReadAuthorityAsync() => _nodes.ReadAuthorityAsync();

    public async Task CreateAsync()
    {
        await _nodes.CreateSensorNamespaceAsync();
        Tokens = await Task.WhenAll(Enumerable.Range(0, Nodes).Select(node => _nodes.CreateNodeAsync(
            NodeOf(node), string.Create(CultureInfo.InvariantCulture, $"sensor-{node}"), $"192.168.0.{node + 1}", $"10.1.{node}.0/24")));
        foreach (var @namespace in _namespaces)
        {
            await _nodes.CreateNamespaceAsync(@namespace);
            _workloads.Add(await CreateDeploymentAsync(@namespace, "cart"));
            _workloads.Add(new ShopWorkload(@namespace, WorkloadKindNames.StatefulSet, "store", ControllerOf("StatefulSet", "store", Guid.NewGuid())));
            _workloads.Add(new ShopWorkload(@namespace, WorkloadKindNames.DaemonSet, "agent", ControllerOf("DaemonSet", "agent", Guid.NewGuid())));
            _workloads.Add(new ShopWorkload(@namespace, WorkloadKindNames.Pod, "tool", Controller: ""));
        }

        foreach (var workload in _workloads)
        {
            await CreatePodsAsync(workload);
        }

        Staying = [.. _pods.Except(_replaceable)];
        Services = await Task.WhenAll(_workloads.Where(workload => workload.Kind == WorkloadKindNames.Deployment).Select(CreateServiceAsync));
    }

    /// <summary>Deletes a Pod, and gives its address to a new one of another workload.</summary>
    /// <param name="mayReplace">Which Pods may be deleted.</param>
    /// <returns>Both. Null if no Pod is left that may be replaced.</returns>
    public async Task<(ShopPod Deleted, ShopPod Created)?> ReplaceAsync(Func<ShopPod, bool> mayReplace)
    {
        if (_replaceable.Where(mayReplace).ToList() is not { Count: > 0 } candidates)
        {
            return null;
        }

        var old = candidates[random.Next(candidates.Count)];
        _replaceable.Remove(old);
        old.DeletedAt = DateTimeOffset.UtcNow;
        await _nodes.DeletePodAsync(old.Written.Namespace, old.Written.Name);
        var others = _workloads.Where(workload => workload != old.Workload && workload.Kind != WorkloadKindNames.Pod).ToList();
        var created = await CreatePodAsync(others[random.Next(others.Count)], old.Node, old.Written.Address, old.StartedAt + _generation);
        if (created.StartedAt + _generation < _began - _firstStart + (MaxGenerations * _generation))
        {
            _replaceable.Add(created);
        }

        return (old, created);
    }

    /// <summary>A time at which the Pod had its address, and no other one.</summary>
    public DateTimeOffset ChooseTime(ShopPod pod) => pod.StartedAt.AddSeconds(random.Next(120, 480)).AddMilliseconds(random.Next(1000));

    public void Dispose() => _nodes.Dispose();

    private static string NodeOf(int node) => string.Create(CultureInfo.InvariantCulture, $"node-{node}");

    private static string ControllerOf(string kind, string name, Guid uid) =>
        $$"""{"apiVersion":"apps/v1","kind":"{{kind}}","name":"{{name}}","uid":"{{uid}}","controller":true}""";

    // Its ReplicaSet has to be known, unlike other owners.
    private async Task<ShopWorkload> CreateDeploymentAsync(string @namespace, string name)
    {
        var owner = ControllerOf("Deployment", name, Guid.NewGuid());
        using var created = await _nodes.CreateAsync(
            $"apis/apps/v1/namespaces/{@namespace}/replicasets",
            $$"""
            {"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"{{name}}-7d9","ownerReferences":[{{owner}}]},
             "spec":{"replicas":0,"selector":{"matchLabels":{"app":"{{name}}","pod-template-hash":"7d9"} },
             "template":{"metadata":{"labels":{"app":"{{name}}","pod-template-hash":"7d9"} },"spec":{"containers":[{"name":"main","image":"a"}]} } } }
            """);
        var uid = created.RootElement.GetProperty("metadata").GetProperty("uid").GetGuid();
        return new ShopWorkload(@namespace, WorkloadKindNames.Deployment, name, ControllerOf("ReplicaSet", $"{name}-7d9", uid));
    }

    private async Task CreatePodsAsync(ShopWorkload workload)
    {
        var count = workload.Kind == WorkloadKindNames.Pod ? 1 : PodsPerWorkload;
        for (var index = 0; index < count; index++)
        {
            var node = random.Next(Nodes);
            var address = string.Create(CultureInfo.InvariantCulture, $"10.1.{node}.{10 + _pods.Count}");
            var pod = await CreatePodAsync(workload, node, address, _began - _firstStart);
            if (index >= StayingPods)
            {
                _replaceable.Add(pod);
            }
        }
    }

    private async Task<ShopPod> CreatePodAsync(ShopWorkload workload, int node, string address, DateTimeOffset startedAt)
    {
        var port = _ports++;
        var name = workload.Kind == WorkloadKindNames.Pod ? workload.Name : string.Create(CultureInfo.InvariantCulture, $"{workload.Name}-{port}");
        var written = new SimulatedPod(workload.Namespace, name, NodeOf(node), address, workload.Controller)
        {
            StartedAt = startedAt,
            Labels = workload.Kind == WorkloadKindNames.Deployment ? """{"pod-template-hash":"7d9"}""" : "{}",
        };
        var uid = await _nodes.CreatePodAsync(written);
        var pod = new ShopPod(uid, workload, written, node, port, startedAt) { CreatedAt = DateTimeOffset.UtcNow };
        _pods.Add(pod);
        return pod;
    }

    private async Task<ShopService> CreateServiceAsync(ShopWorkload workload)
    {
        using var created = await _nodes.CreateAsync(
            $"api/v1/namespaces/{workload.Namespace}/services",
            $$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{workload.Name}}"},"spec":{"ports":[{"name":"http","port":80}]} }""");
        return new ShopService(created.RootElement.GetProperty("spec").GetProperty("clusterIP").GetString()!, workload);
    }
}
