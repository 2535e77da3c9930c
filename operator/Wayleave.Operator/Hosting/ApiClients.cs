using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.LeaderElection;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Protobuf;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;

namespace Wayleave.Operator.Hosting;

/// <summary>
/// The clients of the API server. Leader election has its own connection, so that load does not delay renewals. The other client may write
/// only while the lease is held.
/// </summary>
internal sealed class ApiClients : IDisposable
{
    private readonly List<ApiServerConnection> _connections = [];
    private readonly KubernetesClientOptions _options;
    private readonly KubernetesMetrics _metrics;
    private readonly TimeProvider _time;

    public ApiClients(
        ConnectionSource source, OperatorOptions options, OperatorDeployment own, KubernetesMetrics metrics, TimeProvider time,
        ILoggerFactory loggers)
    {
        (_metrics, _time) = (metrics, time);
        Host = source.Address;
        _options = new KubernetesClientOptions
        {
            FieldManager = WayleaveLabels.FieldManager,
            QueriesPerSecond = options.QueriesPerSecond,
            AcceptsProtobuf = options.AcceptsProtobuf,
            PropagatesTrace = options.Tracing is not null,
        };
        var local = _options with { Namespace = options.WatchNamespace };
        if (options.LeaderElect)
        {
            var lease = local with { RequestTimeout = options.RenewDeadline, QueriesPerSecond = null };
            Elector = new LeaderElector(
                Connect(source, lease, mayWrite: null), ConfigOf(options, own), time, loggers.CreateLogger<LeaderElector>());
        }

        Client = Connect(source, local, Elector is { } elector ? () => elector.IsLeader : null);
        if (options.Events?.Port is not null)
        {
            Reviewer = Connect(source, local, mayWrite: null);
        }
    }

    public Uri Host { get; }

    public IKubernetesClient Client { get; }

    /// <summary>
    /// Creates access reviews, on a standby too: they are no writes, although they are sent as such. Null if the event store cannot be
    /// queried.
    /// </summary>
    public IKubernetesClient? Reviewer { get; }

    /// <summary>Null without leader election; this process then always acts.</summary>
    public LeaderElector? Elector { get; }

    /// <summary>Every kind that the operator reads or writes.</summary>
    public static EntityRegistry Registry { get; } = WithKinds(EntityRegistry.Create(ApiJson.Default)
        .Add<V1Namespace>(EntityScope.Cluster, protobuf: ClusterMessages.Namespace)
        .Add<V1Node>(EntityScope.Cluster, protobuf: ClusterMessages.Node)
        .Add<PartialService>(protobuf: ServiceMessages.Service)
        .Add<PartialPod>(protobuf: WorkloadMessages.Pod)
        .Add<PartialEndpoints>(protobuf: ServiceMessages.Endpoints)
        .Add<PartialEndpointSlice>(protobuf: ServiceMessages.EndpointSlice)
        .Add<ObservedIntents>()
        .Add<V1ConfigMap>()
        .Add<V1Secret>()
        .Add<V1SelfSubjectAccessReview>(EntityScope.Cluster, "selfsubjectaccessreviews")
        .Add<V1SubjectAccessReview>(EntityScope.Cluster, "subjectaccessreviews")
        .Add<V1TokenReview>(EntityScope.Cluster, "tokenreviews")
        .Add<PartialDeployment>(protobuf: WorkloadMessages.Deployment)
        .Add<PartialStatefulSet>(protobuf: WorkloadMessages.StatefulSet)
        .Add<PartialDaemonSet>(protobuf: WorkloadMessages.DaemonSet)
        .Add<PartialReplicaSet>(protobuf: WorkloadMessages.ReplicaSet)
        .Add<PartialJob>(protobuf: WorkloadMessages.Job)
        .Add<PartialCronJob>(protobuf: WorkloadMessages.CronJob)
        .Add<V1NetworkPolicy>(protobuf: NetworkingMessages.NetworkPolicy)
        .Add<V1Lease>()
        .Add<V1Ingress>(protobuf: NetworkingMessages.Ingress)
        .Add<V1IngressClass>(EntityScope.Cluster, protobuf: NetworkingMessages.IngressClass)
        .Add<V1ServiceCIDR>(EntityScope.Cluster, protobuf: NetworkingMessages.ServiceCidr)
        .Add<V1GatewayClass>()
        .Add<V1Gateway>()
        .Add<V1beta1ReferenceGrant>()
        .Add<V1HTTPRoute>()
        .Add<V1GRPCRoute>()
        .Add<V1TLSRoute>()
        .Add<V1alpha2TLSRoute>()
        .Add<V1alpha2TCPRoute>()
        .Add<PartialValidatingWebhookConfiguration>(protobuf: ClusterMessages.ValidatingWebhooks)
        .Add<PartialMutatingWebhookConfiguration>(protobuf: ClusterMessages.MutatingWebhooks)
        .Add<PartialCustomResourceDefinition>(protobuf: ClusterMessages.CustomResourceDefinition)
        .Add<PartialAPIService>(protobuf: ClusterMessages.ApiService)
        .Add<Eventsv1Event>());

    public void Dispose() => _connections.ForEach(connection => connection.Dispose());

    /// <summary>
    /// A connection to a member cluster, which may write only while this process leads. The caller disposes it. It sends nothing yet.
    /// </summary>
    public MemberConnection ConnectMember(ConnectionSource source, Func<KubernetesClientOptions, KubernetesClientOptions> configure)
    {
        var options = configure(_options);
        var connection = new ApiServerConnection(source, options, _metrics, _time, () => Elector?.IsLeader ?? true);
        return new MemberConnection(connection, new KubernetesClient(connection, Registry, options));
    }

    private KubernetesClient Connect(ConnectionSource source, KubernetesClientOptions options, Func<bool>? mayWrite)
    {
        var connection = new ApiServerConnection(source, options, _metrics, _time, mayWrite);
        _connections.Add(connection);
        return new KubernetesClient(connection, Registry, options);
    }

    private static EntityRegistry WithKinds(EntityRegistry registry) => KindTable.Rows.Aggregate(registry, (all, row) => row.AddTo(all));

    private static LeaderElectionConfig ConfigOf(OperatorOptions options, OperatorDeployment own) => new()
    {
        LeaseNamespace = options.Namespace,
        LeaseName = "wayleave-operator",
        OwnerReference = () => own.Owner,
        Identity = $"{options.Instance}_{Guid.NewGuid():N}",
        LeaseDuration = options.LeaseDuration,
        RenewDeadline = options.RenewDeadline,
        RetryPeriod = options.RetryPeriod,
    };
}
