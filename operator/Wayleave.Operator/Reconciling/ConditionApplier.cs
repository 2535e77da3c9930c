using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Adds or removes the condition <c>OwnedByAnother</c> in a status that another installation writes, by server-side apply under its own
/// field manager. Kubernetes 1.20 replaces the whole list of conditions of kinds with int-or-string fields, so the apply must contain the
/// other conditions. Newer versions merge by type, where the apply must not take ownership of them. A dry run detects the behavior once.
/// Thread-safe.
/// </summary>
internal sealed class ConditionApplier(IKubernetesClient client)
{
    private volatile ConditionListMerge _lists;

    private enum ConditionListMerge
    {
        Unknown,
        Merged,
        Replaced,
    }

    /// <param name="condition">Null removes it.</param>
    /// <param name="fieldManager">The field manager of this installation.</param>
    /// <exception cref="KubernetesException">For example a conflict, if the object changed in the meantime.</exception>
    public async Task<TEntity> ApplyAsync<TEntity, TStatus>(
        TEntity entity, V1Condition? condition, string fieldManager, CancellationToken cancellationToken)
        where TEntity : class, IReportedKind<TEntity, TStatus>
        where TStatus : class, IConditionedStatus, new()
    {
        var status = new TStatus { Conditions = condition is null ? null : [condition] };
        var change = TEntity.WithStatus(status);
        change.Metadata.Name = entity.Metadata.Name;
        change.Metadata.NamespaceProperty = entity.Metadata.NamespaceProperty;
        change.Metadata.Uid = entity.Metadata.Uid;

        // Old API servers do not check the UID here. The version also makes sure that the condition is about this state of the object.
        change.Metadata.ResourceVersion = entity.Metadata.ResourceVersion;
        if (entity.Status?.Conditions?.FindAll(static other => other.Type != ConditionTypes.OwnedByAnother) is { Count: > 0 } others)
        {
            if (_lists == ConditionListMerge.Unknown)
            {
                var stored = (await client.ApplyStatusAsync(change, fieldManager, dryRun: true, cancellationToken)).Status?.Conditions;
                _lists = others.TrueForAll(other => stored?.Exists(kept => kept.Type == other.Type) == true)
                    ? ConditionListMerge.Merged
                    : ConditionListMerge.Replaced;
            }

            if (_lists == ConditionListMerge.Replaced)
            {
                status.Conditions = [.. status.Conditions ?? [], .. others];
            }
        }

        return await client.ApplyStatusAsync(change, fieldManager, dryRun: false, cancellationToken);
    }
}
