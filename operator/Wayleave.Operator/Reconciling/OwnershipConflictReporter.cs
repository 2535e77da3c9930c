using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Events;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Handles declarations that another installation enforces: adds the condition <c>OwnedByAnother</c> under its own field manager, and
/// leaves the rest of the status to the owner. Writes the status itself only if the owner does not.
/// </summary>
internal sealed class OwnershipConflictReporter(
    StatusReporterSelector selector, DeclarationCache declarations, Installation installation, ConditionApplier applier,
    IEventRecorder recorder,
    TimeProvider time)
{
    // How long to wait for the owner, which may be busy or gone.
    private static readonly TimeSpan _reportTimeout = TimeSpan.FromSeconds(30);

    private readonly ExpiringCache<(string Kind, NamespacedName Name), (long? Generation, long Since)> _unreported =
        new(_reportTimeout * 10, time);
    private readonly ExpiringCache<(string Kind, NamespacedName Name), long> _ownedByOthers = new(_reportTimeout * 2, time);
    private readonly WriteBackoff<(string Kind, NamespacedName Name)> _backoff = new(time);

    /// <returns>The result of the reconcile; null when this installation is to report on the declaration.</returns>
    public Task<ReconciliationResult?> DeferToOwnerAsync(ClientIntents entity, CancellationToken cancellationToken) =>
        DeferToOwnerAsync<ClientIntents, ClientIntentsStatus>(
            declarations.Intents.Store, entity, selector.Select(entity), cancellationToken);

    /// <inheritdoc cref="DeferToOwnerAsync(ClientIntents, CancellationToken)"/>
    public Task<ReconciliationResult?> DeferToOwnerAsync(ProtectedService entity, CancellationToken cancellationToken) =>
        DeferToOwnerAsync<ProtectedService, ProtectedServiceStatus>(
            declarations.Protections.Store, entity, selector.Select(entity), cancellationToken);

    private async Task<ReconciliationResult?> DeferToOwnerAsync<TEntity, TStatus>(
        IStore<TEntity> store, TEntity entity, StatusReporter claim, CancellationToken cancellationToken)
        where TEntity : class, IReportedKind<TEntity, TStatus>
        where TStatus : class, IConditionedStatus, new()
    {
        var status = entity.Status;
        var hasCondition = status?.Conditions?.Exists(
            static condition => condition is { Type: ConditionTypes.OwnedByAnother, Status: "True" }) == true;
        var isOurCondition = hasCondition && IsOurs(entity);
        if (claim == StatusReporter.OtherInstallation)
        {
            _ownedByOthers.Set(KeyOf(entity), time.GetTimestamp());
            if (!hasCondition)
            {
                return await AddAsync<TEntity, TStatus>(store, entity, cancellationToken);
            }
        }
        else if (claim != StatusReporter.ThisInstallation && WaitForPolicies(entity, isOurCondition) is { } wait)
        {
            return wait;
        }
        else if (isOurCondition)
        {
            await ApplyAsync<TEntity, TStatus>(store, entity, condition: null, cancellationToken);
            return ReconciliationResult.RequeueAfter(TimeSpan.Zero);
        }

        return claim switch
        {
            StatusReporter.ThisInstallation or StatusReporter.Unclaimed => null,
            _ when status?.ObservedGeneration != entity.Metadata.Generation => WaitForReport(entity),
            StatusReporter.Undecided => null,
            _ => ReconciliationResult.NoRequeue,
        };
    }

    // A deleted policy still belongs to its owner, which restores it.
    private ReconciliationResult? WaitForPolicies<TEntity>(TEntity entity, bool isOurCondition)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var key = KeyOf(entity);
        if (!_ownedByOthers.TryGet(key, out var since))
        {
            if (!isOurCondition)
            {
                return null;
            }

            // An earlier process has left the condition.
            since = time.GetTimestamp();
            _ownedByOthers.Set(key, since);
        }

        var left = _reportTimeout - time.GetElapsedTime(since);
        return left > TimeSpan.Zero ? ReconciliationResult.RequeueAfter(left) : null;
    }

    private async Task<ReconciliationResult> AddAsync<TEntity, TStatus>(
        IStore<TEntity> store, TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IReportedKind<TEntity, TStatus>
        where TStatus : class, IConditionedStatus, new()
    {
        var key = KeyOf(entity);
        if (_backoff.Remaining(key) is var remaining && remaining > TimeSpan.Zero)
        {
            return ReconciliationResult.RequeueAfter(remaining);
        }

        var condition = Condition();
        await ApplyAsync<TEntity, TStatus>(store, entity, condition, cancellationToken);
        _backoff.Record(key);
        recorder.Record(EventReference.To(entity, typeof(TEntity).Name), "Warning", condition.Reason, "Reconcile", condition.Message);
        return ReconciliationResult.RequeueAfter(TimeSpan.Zero);
    }

    private async Task ApplyAsync<TEntity, TStatus>(
        IStore<TEntity> store, TEntity entity, V1Condition? condition, CancellationToken cancellationToken)
        where TEntity : class, IReportedKind<TEntity, TStatus>
        where TStatus : class, IConditionedStatus, new() => store.ApplyLocalWrite(
            await applier.ApplyAsync<TEntity, TStatus>(entity, condition, installation.OwnershipFieldManager, cancellationToken));

    // Null after the timeout.
    private ReconciliationResult? WaitForReport<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var key = KeyOf(entity);
        if (!_unreported.TryGet(key, out var known) || known.Generation != entity.Metadata.Generation)
        {
            known = (entity.Metadata.Generation, time.GetTimestamp());
            _unreported.Set(key, known);
        }

        var left = _reportTimeout - time.GetElapsedTime(known.Since);
        return left > TimeSpan.Zero ? ReconciliationResult.RequeueAfter(left) : null;
    }

    private bool IsOurs(IKubernetesObject<V1ObjectMeta> entity) =>
        entity.Metadata.ManagedFields?.Any(entry => entry.Manager == installation.OwnershipFieldManager) == true;

    // No observedGeneration: the condition is about the policies, and an edit of the object does not change it.
    private V1Condition Condition() => new()
    {
        Type = ConditionTypes.OwnedByAnother,
        Status = "True",
        Reason = Reasons.OwnedByAnother,
        Message = $"the operator in namespace {installation.Namespace} does not change the network policies,"
            + " because they belong to another installation of Wayleave; if that installation is gone, remove its annotation:"
            + $" kubectl annotate networkpolicies --all-namespaces --selector {WayleaveLabels.ManagedBy}={WayleaveLabels.ManagedByValue}"
            + $" {WayleaveLabels.Installation}-",
        LastTransitionTime = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds()).UtcDateTime,
    };

    private static (string Kind, NamespacedName Name) KeyOf<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => (typeof(TEntity).Name, NamespacedName.From(entity));
}
