using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Clusters;

/// <summary>
/// Enqueues Clusters when they or their Secrets change, and the declarations that select a member when its health changes.
/// </summary>
internal sealed class ClusterEventHandler(
    DeclarationCache declarations, MemberClusterManager members, KubeconfigSecretReader secrets, StatusQueues queues)
{
    /// <summary>Registers with all sources. Call once, before they run.</summary>
    public void Attach()
    {
        declarations.Clusters.AddHandler(ClusterChanged);
        declarations.Secrets.AddHandler((old, now) => SecretChanged(NamespacedName.From((now ?? old)!)));
    }

    /// <summary>Stores the health of a member. If it changed, enqueues the declarations that select it.</summary>
    public void Report(Cluster cluster, ResultStore? results, TargetResult? obstacle, bool isNew = false)
    {
        if (members.Report(new SelectedCluster(cluster.Metadata.Name!, results, obstacle, isNew)))
        {
            EnqueueDeclarationsFor(cluster);
        }
    }

    /// <summary>Removes the state of a deleted Cluster, and enqueues what it affects.</summary>
    public void Remove(Cluster cluster)
    {
        members.Remove(cluster.Metadata.Name!);
        EnqueueDeclarationsFor(cluster);
        EnqueueDuplicates();
    }

    /// <summary>Enqueues Clusters that were rejected as duplicates, because one of them may now be used.</summary>
    public void EnqueueDuplicates()
    {
        foreach (var cluster in declarations.Clusters.Store.List().Where(IsRefusedAsTwin))
        {
            queues.Clusters.Add(NamespacedName.From(cluster));
        }
    }

    private static bool IsRefusedAsTwin(Cluster cluster) =>
        cluster.Status?.Conditions?.Exists(condition => condition is { Type: ConditionTypes.Ready, Reason: Reasons.SameCluster }) == true;

    private void ClusterChanged(Cluster? old, Cluster? now)
    {
        if (old is not null && now is not null
            && SelectorEquality.ContainsAll(old.Metadata.Labels, now.Metadata.Labels)
                && SelectorEquality.ContainsAll(now.Metadata.Labels, old.Metadata.Labels))
        {
            return;
        }

        members.RefreshDeclarations((now ?? old)!.Metadata.Name!);
        EnqueueDeclarationsFor(old);
        EnqueueDeclarationsFor(now);
    }

    private void SecretChanged(NamespacedName secret)
    {
        foreach (var cluster in declarations.Clusters.Store.List().Where(cluster => secrets.GetSecretName(cluster) == secret))
        {
            queues.Clusters.Add(NamespacedName.From(cluster));
        }
    }

    private void EnqueueDeclarationsFor(Cluster? cluster)
    {
        foreach (var intents in declarations.Intents.Store
            .List()
            .Where(intents => IsMeant(intents.Parse().Clusters, cluster)))
        {
            queues.Intents.Add(NamespacedName.From(intents));
        }

        foreach (var protection in declarations.Protections.Store
            .List()
            .Where(protection => IsMeant(protection.Parse().Clusters, cluster)))
        {
            queues.Protections.Add(NamespacedName.From(protection));
        }
    }

    private static bool IsMeant(ClusterSelection? clusters, Cluster? cluster) =>
        cluster is not null && ClusterSelectionMatcher.Includes(clusters, cluster.Metadata.Name!, cluster.Metadata.Labels);
}
