using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.LeaderElection;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;
using Wayleave.Operator.Configuration;

namespace Wayleave.Operator.Hosting;

/// <summary>
/// The clients of the API server. The lease has one of its own, so that it is renewed however busy the other is; the other may write only
/// while the lease is held.
/// </summary>
internal sealed class ApiClients : IDisposable
{
    private readonly List<HttpClient> _connections = [];

    public ApiClients(
        KubernetesClientConfiguration configuration, OperatorOptions options, OwnDeployment own, KubernetesMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        Host = configuration.Host;
        var client = new KubernetesClientOptions { FieldManager = WayleaveLabels.FieldManager, Namespace = options.WatchNamespace, QueriesPerSecond = options.QueriesPerSecond };
        if (options.LeaderElect)
        {
            var lease = client with { RequestTimeout = options.RenewDeadline, QueriesPerSecond = null };
            Elector = new LeaderElector(
                Connect(configuration, lease, metrics, time, mayWrite: null), ConfigOf(options, own), time, loggers.CreateLogger<LeaderElector>());
        }

        Client = Connect(configuration, client, metrics, time, Elector is { } elector ? () => elector.IsLeader : null);
    }

    public Uri Host { get; }

    public IKubernetesClient Client { get; }

    /// <summary>Null when no lease is contested: this process then always acts.</summary>
    public LeaderElector? Elector { get; }

    /// <summary>Every kind that the operator reads or writes.</summary>
    public static EntityRegistry Registry { get; } = EntityRegistry.Empty
        .Add<V1Namespace>(KubernetesJson.Default)
        .Add<V1Node>(KubernetesJson.Default)
        .Add<V1Service>(KubernetesJson.Default)
        .Add<V1Pod>(KubernetesJson.Default)
        .Add<V1Endpoints>(KubernetesJson.Default)
        .Add<V1EndpointSlice>(KubernetesJson.Default)
        .Add<V1ConfigMap>(KubernetesJson.Default)
        .Add<V1Secret>(KubernetesJson.Default)
        .Add<V1SelfSubjectAccessReview>(KubernetesJson.Default)
        .Add<V1Deployment>(KubernetesJson.Default)
        .Add<V1StatefulSet>(KubernetesJson.Default)
        .Add<V1DaemonSet>(KubernetesJson.Default)
        .Add<V1ReplicaSet>(KubernetesJson.Default)
        .Add<V1Job>(KubernetesJson.Default)
        .Add<V1CronJob>(KubernetesJson.Default)
        .Add<V1NetworkPolicy>(KubernetesJson.Default)
        .Add<V1Lease>(KubernetesJson.Default)
        .Add<V1Ingress>(KubernetesJson.Default)
        .Add<V1IngressClass>(KubernetesJson.Default)
        .Add<V1ServiceCIDR>(KubernetesJson.Default)
        .Add<V1GatewayClass>(KubernetesJson.Default)
        .Add<V1Gateway>(KubernetesJson.Default)
        .Add<V1beta1ReferenceGrant>(KubernetesJson.Default)
        .Add<V1HTTPRoute>(KubernetesJson.Default)
        .Add<V1GRPCRoute>(KubernetesJson.Default)
        .Add<V1TLSRoute>(KubernetesJson.Default)
        .Add<V1alpha2TLSRoute>(KubernetesJson.Default)
        .Add<V1alpha2TCPRoute>(KubernetesJson.Default)
        .Add<V1ValidatingWebhookConfiguration>(KubernetesJson.Default)
        .Add<V1MutatingWebhookConfiguration>(KubernetesJson.Default)
        .Add<V1CustomResourceDefinition>(KubernetesJson.Default)
        .Add<V1APIService>(KubernetesJson.Default)
        .Add<Eventsv1Event>(KubernetesJson.Default)
        .Add<ClientIntents>(ApiJson.Default)
        .Add<ProtectedService>(ApiJson.Default)
        .Add<EnforcementPolicy>(ApiJson.Default)
        .Add<Cluster>(ApiJson.Default)
        .Add<KafkaServerConfig>(ApiJson.Default);

    public void Dispose() => _connections.ForEach(connection => connection.Dispose());

    private KubernetesClient Connect(
        KubernetesClientConfiguration configuration, KubernetesClientOptions options, KubernetesMetrics metrics, TimeProvider time, Func<bool>? mayWrite)
    {
        var http = KubernetesHttp.Create(configuration, options, metrics, time, mayWrite);
        _connections.Add(http);
        return new KubernetesClient(http, Registry, options);
    }

    private static LeaderElectionConfig ConfigOf(OperatorOptions options, OwnDeployment own) => new()
    {
        LeaseNamespace = options.Namespace,
        LeaseName = "wayleave-operator",
        Owner = () => own.Owner,
        Identity = $"{options.Instance}_{Guid.NewGuid():N}",
        LeaseDuration = options.LeaseDuration,
        RenewDeadline = options.RenewDeadline,
        RetryPeriod = options.RetryPeriod,
    };
}
