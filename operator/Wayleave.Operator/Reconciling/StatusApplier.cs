using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Applies a status and keeps the conditions of others. An API server of 1.20 does not know that the list of conditions is a map where the kind
/// has ports that are numbers or texts: an apply replaces all of it. The answer to the first such write shows that, and the write is repeated;
/// from then on every write carries the conditions of others too. Safe for any number of threads.
/// </summary>
internal sealed class StatusApplier(IKubernetesClient client)
{
    private volatile bool _areListsReplaced;

    /// <param name="entity">The object as it was looked at.</param>
    /// <param name="change">An object with nothing but the new status; its metadata is filled in here.</param>
    /// <param name="isOurs">Tells our conditions from those of others.</param>
    /// <param name="fieldManager">Null for the operator's.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    /// <exception cref="KubernetesException">Among others a conflict, if the object is not what it was when it was looked at.</exception>
    public async Task<TEntity> ApplyAsync<TEntity>(
        TEntity entity, TEntity change, Func<V1Condition, bool> isOurs, string? fieldManager, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        change.Metadata.Name = entity.Metadata.Name;
        change.Metadata.NamespaceProperty = entity.Metadata.NamespaceProperty;
        change.Metadata.Uid = entity.Metadata.Uid;

        // Old API servers check no uid here, and the version says more: what was decided is about just this state of the object.
        change.Metadata.ResourceVersion = entity.Metadata.ResourceVersion;
        var others = ConditionsOf(entity)?.FindAll(condition => !isOurs(condition)) ?? [];
        if (_areListsReplaced)
        {
            Add(change, others);
        }

        var written = await SendAsync(change, fieldManager, cancellationToken);
        var kept = ConditionsOf(written);
        if (others.FindAll(condition => kept?.Exists(other => other.Type == condition.Type) != true) is not { Count: > 0 } lost)
        {
            return written;
        }

        _areListsReplaced = true;
        Add(change, lost);
        change.Metadata.ResourceVersion = written.Metadata.ResourceVersion;
        return await SendAsync(change, fieldManager, cancellationToken);
    }

    private Task<TEntity> SendAsync<TEntity>(TEntity change, string? fieldManager, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => fieldManager is null
            ? client.ApplyStatusAsync(change, cancellationToken)
            : client.ApplyStatusAsync(change, fieldManager, cancellationToken);

    private static List<V1Condition>? ConditionsOf<TEntity>(TEntity entity) => entity switch
    {
        ClientIntents intents => intents.Status?.Conditions,
        ProtectedService protection => protection.Status?.Conditions,
        EnforcementPolicy policy => policy.Status?.Conditions,
        Cluster cluster => cluster.Status?.Conditions,
        KafkaServerConfig config => config.Status?.Conditions,
        _ => null,
    };

    private static void Add<TEntity>(TEntity change, List<V1Condition> conditions)
    {
        switch (change)
        {
            case ClientIntents { Status: { } status }:
                status.Conditions = [.. status.Conditions ?? [], .. conditions];
                break;
            case ProtectedService { Status: { } status }:
                status.Conditions = [.. status.Conditions ?? [], .. conditions];
                break;
            case EnforcementPolicy { Status: { } status }:
                status.Conditions = [.. status.Conditions ?? [], .. conditions];
                break;
            case Cluster { Status: { } status }:
                status.Conditions = [.. status.Conditions ?? [], .. conditions];
                break;
            case KafkaServerConfig { Status: { } status }:
                status.Conditions = [.. status.Conditions ?? [], .. conditions];
                break;
            default:
                break;
        }
    }
}
