using System.Collections.Immutable;
using System.Net;
using Wayleave.Api;
using Wayleave.Observation.Maps;
using Wayleave.Observation.Resolution;

namespace Wayleave.Observation.Tests.Support;

/// <summary>A small cluster: checkout calls cart, in the namespace shop.</summary>
internal sealed class Shop
{
    public const string Node = "node-1";
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);
    public static readonly WorkloadKey Checkout = new("shop", WorkloadKindNames.Deployment, "checkout");
    public static readonly WorkloadKey Cart = new("shop", WorkloadKindNames.Deployment, "cart");

    private int _pods;

    public Shop()
    {
        Resolver = new FlowResolver(Cluster, Names, new HashSet<string>(StringComparer.Ordinal) { "kube-system", "wayleave-system" });
        Map = new ObservationMap(new MapOptions(TimeSpan.FromDays(30), CountsDiscoveries: true));
        Processor = new ObservationProcessor(Map, Resolver, Names);
    }

    public ClusterHistory Cluster { get; } = new();

    public NameHistory Names { get; } = new();

    public FlowResolver Resolver { get; }

    public ObservationMap Map { get; }

    public ObservationProcessor Processor { get; }

    /// <summary>A Pod of a Deployment, with its ReplicaSet.</summary>
    public PodFacts AddDeploymentPod(string name, string address, string @namespace = "shop", DateTimeOffset? startedAt = null, string node = Node)
    {
        var set = $"{name}-5d4f";
        Cluster.SetOwner(set, new OwnerFacts(new ControllerReference("apps/v1", "Deployment", name, $"{name}-uid")));
        return AddPod($"{set}-{++_pods}", address, @namespace, new ControllerReference("apps/v1", "ReplicaSet", set, set), startedAt, node);
    }

    public PodFacts AddPod(
        string name, string address, string @namespace = "shop", ControllerReference? controller = null, DateTimeOffset? startedAt = null,
        string node = Node, ImmutableSortedDictionary<string, string>? labels = null, bool isHostNetwork = false)
    {
        var pod = new PodFacts
        {
            Uid = Guid.NewGuid(),
            Namespace = @namespace,
            Name = name,
            Node = node,
            Addresses = [IPAddress.Parse(address)],
            Controller = controller,
            StartedAt = startedAt ?? Start.AddHours(-1),
            Labels = labels ?? ImmutableSortedDictionary<string, string>.Empty,
            IsHostNetwork = isHostNetwork,
        };
        Cluster.SetPod(pod, pod.StartedAt.Value);
        return pod;
    }

    public void AddService(string name, string address, int port, int targetPort, params string[] endpoints) =>
        AddService("shop", name, address, [new ServicePortFacts("http", port, 0, targetPort)], targetPort, endpoints);

    public void AddService(string @namespace, string name, string address, ImmutableArray<ServicePortFacts> ports, int targetPort, params string[] endpoints)
    {
        var key = new ObjectKey(@namespace, name);
        Cluster.Services.Set(
            new ServiceFacts { Key = key, ClusterAddresses = [IPAddress.Parse(address)], Ports = ports, CreatedAt = Start.AddDays(-1) }, Start);
        Cluster.Services.SetEndpoints(
            key, new EndpointFacts(key, [.. endpoints.Select(IPAddress.Parse)], [new EndpointPortFacts(ports[0].Name, targetPort)]));
    }

    public FlowResolution Resolve(ObservedFlow flow, bool isLast = true, string node = Node) => Resolver.Resolve(node, flow, isLast);

    /// <summary>The only call of a flow.</summary>
    public CallSighting ResolveOne(ObservedFlow flow) => Resolve(flow).Calls.ShouldHaveSingleItem();

    public static ObservedClient Client(PodFacts pod) => new(pod.Uid, pod.Addresses, IsHostNetwork: false);

    public static ObservedFlow Flow(ObservedClient client, string called, int port, string? backend = null, int backendPort = 0, DateTimeOffset? at = null) => new()
    {
        Client = client,
        CalledAddress = IPAddress.Parse(called),
        CalledPort = port,
        BackendAddress = backend is null ? null : IPAddress.Parse(backend),
        BackendPort = backendPort,
        Source = ObservedSources.Tcp,
        Connected = backend is null ? 0 : 1,
        Unanswered = backend is null ? 1 : 0,
        First = at ?? Start,
        Last = at ?? Start,
    };

    public static ObservedAnswer Answer(ObservedClient client, string name, string address, DateTimeOffset? at = null, int ttl = 60) =>
        new(client, name, [IPAddress.Parse(address)], TimeSpan.FromSeconds(ttl), at ?? Start);

    /// <summary>A call from checkout.</summary>
    public static CallSighting Call(string target = "cart", int port = 8080, DateTimeOffset? at = null) => new()
    {
        Client = Checkout,
        Target = new CallTarget(CallTargetType.Workload, "shop", WorkloadKindNames.Deployment, target),
        Ports = [port],
        Source = ObservedSources.Tcp,
        Connected = 1,
        First = at ?? Start,
        Last = at ?? Start,
    };
}
