using System.Diagnostics.CodeAnalysis;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Status;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Reconciling;
using Wayleave.Telemetry.Catalog;

namespace Wayleave.Operator.Hosting;

/// <summary>
/// Our kinds. A row gives a kind its client, informer, queue, controller and permissions; its types are in Wayleave.Api, its reconciler is
/// in Reconciling.
/// </summary>
internal static class KindTable
{
    public static IReadOnlyList<KindRow> Rows { get; } =
    [
        new KindRow<ClientIntents, IntentsReconciler>(ErrorComponent.Intents),
        new KindRow<ProtectedService, ProtectedServiceReconciler>(ErrorComponent.Intents),
        new KindRow<EnforcementPolicy, EnforcementPolicyReconciler>(ErrorComponent.Policies) { Scope = KindScope.AllNamespaces },
        new ValidatedKindRow<KafkaServerConfig, KafkaServerConfigStatus>(ErrorComponent.Intents, KafkaServerConfigStatusBuilder.Summarize),
        new KindRow<Cluster, ClusterReconciler>(ErrorComponent.Clusters) { Scope = KindScope.MemberClusters },
    ];
}

/// <summary>When objects of a kind are reconciled.</summary>
internal enum KindScope
{
    /// <summary>Always; the kind is namespaced.</summary>
    Watched,

    /// <summary>Unless the operator watches a single namespace: their status needs to see all namespaces.</summary>
    AllNamespaces,

    /// <summary>If member clusters are enabled. The operator also starts without the CRD.</summary>
    MemberClusters,
}

/// <summary>A row of the <see cref="KindTable"/>.</summary>
internal abstract class KindRow
{
    public KindScope Scope { get; init; }

    /// <summary>The plural name in the API.</summary>
    public abstract string PluralName { get; }

    /// <summary>Adds the kind to the kinds of the client.</summary>
    public abstract EntityRegistry AddTo(EntityRegistry registry);

    /// <summary>Adds an informer for the kind, if it has none yet.</summary>
    public abstract void AddTo(DeclarationCache cache);

    /// <summary>Adds the controller.</summary>
    public abstract void AddTo(IServiceCollection services, OperatorOptions options);
}

/// <inheritdoc/>
internal class KindRow<
    TEntity, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TController>(ErrorComponent component)
    : KindRow
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
    where TController : class, IEntityController<TEntity>
{
    public override string PluralName => ApiClients.Registry.Get<TEntity>().Entity.PluralName;

    public override EntityRegistry AddTo(EntityRegistry registry) => registry.Add<TEntity>();

    public override void AddTo(DeclarationCache cache) => cache.Add<TEntity>(isRequired: Scope != KindScope.MemberClusters);

    public override void AddTo(IServiceCollection services, OperatorOptions options)
    {
        AddController(services);
        if (Scope != KindScope.AllNamespaces || options.WatchNamespace is null)
        {
            services.AddSingleton(Controller);
        }
    }

    protected virtual void AddController(IServiceCollection services) => services.AddSingleton<TController>();

    private IKindController Controller(IServiceProvider provider)
    {
        var informer = provider.GetRequiredService<DeclarationCache>().GetInformer<TEntity>();
        var queue = provider.GetRequiredService<StatusQueues>().Get<TEntity>();
        var clients = provider.GetRequiredService<ApiClients>();
        var reconciler = new EntityReconciler<TEntity>(
            provider.GetRequiredService<TController>(), informer.Store, queue, () => clients.Elector?.IsLeader ?? true);
        var controller = provider.GetRequiredService<ControllerFactory>().Create(
            queue, reconciler, PluralName, typeof(TEntity).Name, component, provider.GetRequiredService<ILoggerFactory>());
        return new KindController<TEntity>(informer, queue, reconciler, controller);
    }
}

/// <summary>A row of a kind whose status follows from the object alone.</summary>
/// <param name="component">Where errors are counted.</param>
/// <param name="summarize">Makes the status at a time. Pure.</param>
internal sealed class ValidatedKindRow<TEntity, TStatus>(ErrorComponent component, Func<TEntity, DateTimeOffset, TStatus> summarize)
    : KindRow<TEntity, ValidationReconciler<TEntity, TStatus>>(component)
    where TEntity : class, IReportedKind<TEntity, TStatus>
    where TStatus : class, IConditionedStatus
{
    protected override void AddController(IServiceCollection services) => services.AddSingleton(provider =>
        new ValidationReconciler<TEntity, TStatus>(
            provider.GetRequiredService<DeclarationCache>(), provider.GetRequiredService<StatusServices>(), summarize));
}
