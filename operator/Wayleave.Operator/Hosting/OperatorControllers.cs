using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Queue;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Reconciling;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Operator.Hosting;

/// <summary>Puts a controller over each queue.</summary>
internal static class OperatorControllers
{
    public static IServiceCollection AddControllers(this IServiceCollection services, OperatorOptions options) => services
        .AddSingleton<IController>(provider => provider.GetRequiredService<MemberClusterManager>())
        .AddSingleton<IController>(provider => OfKind<Cluster, ClusterReconciler>(provider, Queues(provider).Clusters, Cache(provider).Clusters, ErrorComponent.Clusters))
        .AddSingleton<IController>(provider => OfKind<ClientIntents, IntentsReconciler>(provider, Queues(provider).Intents, Cache(provider).Intents, ErrorComponent.Intents))
        .AddSingleton<IController>(provider => OfKind<ProtectedService, ProtectedServiceReconciler>(provider, Queues(provider).Protections, Cache(provider).Protections, ErrorComponent.Intents))
        .AddSingleton<IController>(provider => OfKind<KafkaServerConfig, KafkaServerConfigReconciler>(provider, Queues(provider).KafkaServers, Cache(provider).KafkaServers, ErrorComponent.Intents))
        .AddReports(options);

    // What an EnforcementPolicy governs only somebody who sees all namespaces can report.
    private static IServiceCollection AddReports(this IServiceCollection services, OperatorOptions options) => options.WatchNamespace is not null
        ? services
        : services.AddSingleton<IController>(provider =>
            OfKind<EnforcementPolicy, EnforcementPolicyReconciler>(provider, Queues(provider).Enforcements, Cache(provider).Enforcements, ErrorComponent.Policies));

    private static StatusQueues Queues(IServiceProvider provider) => provider.GetRequiredService<StatusQueues>();

    private static DeclarationCache Cache(IServiceProvider provider) => provider.GetRequiredService<DeclarationCache>();

    private static Controller<NamespacedName> OfKind<TEntity, TController>(
        IServiceProvider provider, RateLimitingQueue<NamespacedName> queue, Informer<TEntity> informer, ErrorComponent component)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
        where TController : IEntityController<TEntity>
    {
        var clients = provider.GetRequiredService<ApiClients>();
        var controller = provider.GetRequiredService<TController>();
        var reconciler = new EntityReconciler<TEntity>(controller, informer.Store, queue, () => clients.Elector?.IsLeader ?? true);
        informer.AddHandler(reconciler.Changed);
        var name = provider.GetRequiredService<EntityRegistry>().Get<TEntity>().Entity.PluralName;
        return Of(provider, queue, reconciler, name, typeof(TEntity).Name, component);
    }

    /// <summary>A controller over a queue, counted and logged as said.</summary>
    public static Controller<TKey> Of<TKey>(
        IServiceProvider provider, RateLimitingQueue<TKey> queue, IReconciler<TKey> reconciler, string name, string kind, ErrorComponent component)
        where TKey : struct, INamespacedKey
    {
        var usage = provider.GetRequiredService<IUsageCounter>();
        var options = new ControllerOptions
        {
            Name = name,
            Kind = kind,
            Workers = provider.GetRequiredService<OperatorOptions>().Workers,
            OnError = error => usage.CountError(component, error.GetType()),
        };
        return new Controller<TKey>(
            queue, reconciler, options, provider.GetRequiredService<KubernetesMetrics>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Controller<TKey>>>());
    }
}
