using Wayleave.Api;
using Wayleave.Enforcement.Status;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Observing;
using Wayleave.Operator.Telemetry;

namespace Wayleave.Operator.Reconciling;

/// <summary>Reconciles the status of one kind: one write for a change, none if the status is up to date.</summary>
internal abstract class StatusReconciler<TEntity, TStatus>(IStore<TEntity> store, StatusWriter writer) : IEntityController<TEntity>
    where TEntity : class, IReportedKind<TEntity, TStatus>
    where TStatus : class, IConditionedStatus
{
    public async Task<ReconciliationResult> ReconcileAsync(TEntity entity, CancellationToken cancellationToken)
    {
        if (entity.Metadata.DeletionTimestamp is not null || BuildStatus(entity) is not { } status)
        {
            return ReconciliationResult.NoRequeue;
        }

        if (await DeferToOwnerAsync(entity, cancellationToken) is { } result)
        {
            return result;
        }

        if (await writer.WriteAsync(store, entity, status, cancellationToken) is { } wait)
        {
            return ReconciliationResult.RequeueAfter(wait);
        }

        if (GetRecheckDelay(status) is { } delay)
        {
            return ReconciliationResult.RequeueAfter(delay);
        }

        var stalled = status.Conditions?.Find(condition => condition is { Type: ConditionTypes.Stalled, Status: "True" });
        return stalled is null ? ReconciliationResult.Done : ReconciliationResult.Stalled(stalled.Reason);
    }

    public Task<ReconciliationResult> DeletedAsync(TEntity entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult.Done);

    /// <summary>
    /// The status that the object should have. Null if it cannot be computed yet; a later change enqueues the object again.
    /// </summary>
    protected abstract TStatus? BuildStatus(TEntity entity);

    /// <summary>When to compute the status again although nothing changed. Null if it depends on changes alone.</summary>
    protected virtual TimeSpan? GetRecheckDelay(TStatus status) => null;

    /// <summary>The result of the reconcile if another installation reports on the object. Null if this one does.</summary>
    protected virtual Task<ReconciliationResult?> DeferToOwnerAsync(TEntity entity, CancellationToken cancellationToken) =>
        Task.FromResult<ReconciliationResult?>(null);
}

/// <summary>What the reconcilers of statuses share.</summary>
internal sealed record StatusServices(StatusWriter Writer, TelemetryMarkCalculator Marks, TimeProvider Time);

/// <summary>
/// Reports on a ClientIntents once everything that it names has been decided and written, in all clusters that it selects.
/// </summary>
internal sealed class IntentsReconciler(
    DeclarationCache declarations, ClusterResultCollector results, OwnershipConflictReporter second, ObservedCallReader observed,
    StatusServices services)
    : StatusReconciler<ClientIntents, ClientIntentsStatus>(declarations.Intents.Store, services.Writer)
{
    protected override ClientIntentsStatus? BuildStatus(ClientIntents entity)
    {
        if (results.Collect(entity) is not { } known)
        {
            return null;
        }

        var status = ClientIntentsStatusBuilder.Build(entity, known, services.Time.GetUtcNow(), observed.Summarize(entity));
        status.Telemetry = services.Marks.CalculateTelemetry(entity, status);
        return status;
    }

    protected override Task<ReconciliationResult?> DeferToOwnerAsync(ClientIntents entity, CancellationToken cancellationToken) =>
        second.DeferToOwnerAsync(entity, cancellationToken);
}

/// <summary>Reports on a ProtectedService once its server has been decided and written.</summary>
internal sealed class ProtectedServiceReconciler(
    DeclarationCache declarations, ClusterResultCollector results, OwnershipConflictReporter second, StatusServices services)
    : StatusReconciler<ProtectedService, ProtectedServiceStatus>(declarations.Protections.Store, services.Writer)
{
    protected override ProtectedServiceStatus? BuildStatus(ProtectedService entity) =>
        (entity.Parse().Server is null ? [] : results.Collect(entity)) is { } known
            ? services.Marks.Mark(entity, ProtectedServiceStatusBuilder.Summarize(entity, known, services.Time.GetUtcNow()))
            : null;

    protected override Task<ReconciliationResult?> DeferToOwnerAsync(ProtectedService entity, CancellationToken cancellationToken) =>
        second.DeferToOwnerAsync(entity, cancellationToken);
}

/// <summary>Reports what an EnforcementPolicy governs. Its effects do not wait for this status.</summary>
internal sealed class EnforcementPolicyReconciler(
    DeclarationCache declarations, ClusterCache cluster, NamespaceSettingsCache governance, EnforcementReadinessReader readiness,
    StatusServices services)
    : StatusReconciler<EnforcementPolicy, EnforcementPolicyStatus>(declarations.Enforcements.Store, services.Writer)
{
    protected override EnforcementPolicyStatus BuildStatus(EnforcementPolicy entity)
    {
        var governed = governance.GetCoverage(entity);
        var now = services.Time.GetUtcNow();
        return services.Marks.Mark(
            entity, EnforcementPolicyStatusBuilder.Summarize(
                entity, governed?.Policy, governed?.Census, now, cluster.Network.Current.SupportsPortRanges,
                readiness.Read(governed?.Policy, now)));
    }

    // Time alone makes a policy ready.
    protected override TimeSpan? GetRecheckDelay(EnforcementPolicyStatus status) =>
        status.Conditions?.Exists(
            static condition => condition is { Type: ConditionTypes.ReadyToEnforce, Reason: Reasons.TooFewDays }) == true
            ? EnforcementReadinessReader.RecheckInterval
            : null;
}

/// <summary>Reports on a kind whose status follows from the object alone, such as whether it is valid.</summary>
/// <param name="declarations">The caches of our kinds.</param>
/// <param name="summarize">Makes the status at a time. Pure.</param>
internal sealed class ValidationReconciler<TEntity, TStatus>(
    DeclarationCache declarations, StatusServices services, Func<TEntity, DateTimeOffset, TStatus> summarize)
    : StatusReconciler<TEntity, TStatus>(declarations.GetInformer<TEntity>().Store, services.Writer)
    where TEntity : class, IReportedKind<TEntity, TStatus>
    where TStatus : class, IConditionedStatus
{
    protected override TStatus BuildStatus(TEntity entity) =>
        services.Marks.Mark(entity, summarize(entity, services.Time.GetUtcNow()));
}
