using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Adds the condition <c>OwnedByAnother</c> to a status that another installation writes, or removes it, by a server-side apply under a
/// field manager of its own. An API server of 1.20 does not know that the list of conditions is a map where the kind has ports that are
/// numbers or texts: an apply replaces the whole list, so it has to carry the conditions of others too. Elsewhere it must not: it would
/// become their owner. A dry run says which is the case, once, before the first write that matters. Thread-safe.
/// </summary>
internal sealed class ConditionApplier(IKubernetesClient client)
{
    private volatile Lists _lists;

    private enum Lists
    {
        Unknown,
        Merged,
        Replaced,
    }

    /// <param name="entity">The object, as last seen.</param>
    /// <param name="condition">Null removes it.</param>
    /// <param name="fieldManager">Of this installation alone.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
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
            if (_lists == Lists.Unknown)
            {
                var stored = (await client.ApplyStatusAsync(change, fieldManager, dryRun: true, cancellationToken)).Status?.Conditions;
                _lists = others.TrueForAll(other => stored?.Exists(kept => kept.Type == other.Type) == true) ? Lists.Merged : Lists.Replaced;
            }

            if (_lists == Lists.Replaced)
            {
                status.Conditions = [.. status.Conditions ?? [], .. others];
            }
        }

        return await client.ApplyStatusAsync(change, fieldManager, dryRun: false, cancellationToken);
    }
}
