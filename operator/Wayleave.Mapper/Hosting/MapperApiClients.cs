using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.LeaderElection;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Protobuf;
using Wayleave.Mapper.Caching;
using Wayleave.Mapper.Configuration;

namespace Wayleave.Mapper.Hosting;

/// <summary>
/// The clients of the API server. Leader election has its own connection, so that load does not delay renewals. The client of the map may
/// write only while the lease is held.
/// </summary>
internal sealed class MapperApiClients : IDisposable
{
    /// <summary>The lease, and the field manager of everything the mapper writes.</summary>
    public const string Name = "wayleave-mapper";

    private readonly List<ApiServerConnection> _connections = [];
    private readonly KubernetesMetrics _metrics;
    private readonly TimeProvider _time;

    public MapperApiClients(
        ConnectionSource source, MapperOptions options, KubernetesMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        (_metrics, _time) = (metrics, time);
        Host = source.Address;
        var client = new KubernetesClientOptions { FieldManager = Name };
        if (options.LeaderElect)
        {
            var config = ConfigOf(options);
            Elector = new LeaderElector(
                Connect(source, client with { RequestTimeout = config.RenewDeadline }, mayWrite: null),
                config, time, loggers.CreateLogger<LeaderElector>());
        }

        Client = Connect(source, client, Elector is { } elector ? () => elector.IsLeader : null);
        Reviewer = Connect(source, client, mayWrite: null);
        PageReader = Connect(source, client, mayWrite: null);
    }

    public Uri Host { get; }

    public IKubernetesClient Client { get; }

    /// <summary>
    /// Creates TokenReviews, which are no writes although they are sent as such, and keeps the certificate, which all replicas share.
    /// </summary>
    public IKubernetesClient Reviewer { get; }

    /// <summary>
    /// Reads what the page shows, and reviews the tokens of those who want to see it, on a connection of its own: slow lists do not delay
    /// the reviews of sensors.
    /// </summary>
    public IKubernetesClient PageReader { get; }

    /// <summary>Null without leader election; this process then always leads.</summary>
    public LeaderElector? Elector { get; }

    /// <summary>Every kind that the mapper reads or writes.</summary>
    public static EntityRegistry Registry { get; } = EntityRegistry.Create(ApiJson.Default, AddressedJson.Default)
        .Add<AddressedPod>(protobuf: AddressedMessages.Pod)
        .Add<AddressedService>(protobuf: AddressedMessages.Service)
        .Add<AddressedNode>(protobuf: AddressedMessages.Node)
        .Add<PartialEndpointSlice>(protobuf: ServiceMessages.EndpointSlice)
        .Add<PartialEndpoints>(protobuf: ServiceMessages.Endpoints)
        .Add<PartialReplicaSet>(protobuf: WorkloadMessages.ReplicaSet)
        .Add<PartialJob>(protobuf: WorkloadMessages.Job)
        .Add<PartialService>(protobuf: ServiceMessages.Service)
        .Add<PartialDeployment>(protobuf: WorkloadMessages.Deployment)
        .Add<PartialStatefulSet>(protobuf: WorkloadMessages.StatefulSet)
        .Add<PartialDaemonSet>(protobuf: WorkloadMessages.DaemonSet)
        .Add<PartialCronJob>(protobuf: WorkloadMessages.CronJob)
        .Add<ObservedIntents>()
        .Add<ClientIntents>()
        .Add<V1Lease>()
        .Add<V1Secret>()
        .Add<V1ConfigMap>()
        .Add<V1TokenReview>(EntityScope.Cluster, "tokenreviews")
        .Add<V1SubjectAccessReview>(EntityScope.Cluster, "subjectaccessreviews");

    public void Dispose() => _connections.ForEach(connection => connection.Dispose());

    private KubernetesClient Connect(ConnectionSource source, KubernetesClientOptions options, Func<bool>? mayWrite)
    {
        var connection = new ApiServerConnection(source, options, _metrics, _time, mayWrite);
        _connections.Add(connection);
        return new KubernetesClient(connection, Registry, options);
    }

    private static LeaderElectionConfig ConfigOf(MapperOptions options) => new()
    {
        LeaseNamespace = options.Namespace,
        LeaseName = Name,
        Identity = $"{options.Instance}_{Guid.NewGuid():N}",
    };
}
