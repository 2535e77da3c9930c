using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Targets;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Clusters;

/// <summary>The clusters that declarations select, and whether they can be enforced there. Thread-safe.</summary>
internal sealed class ClusterSelectionResolver(DeclarationCache declarations, MemberClusterManager members, ResultStore local)
{
    private const string Off =
        "this operator does not manage member clusters; set clusters.enabled=true in its chart (--clusters), or remove spec.clusters";

    private readonly SelectedCluster _local = new(ClusterSelectionMatcher.Local, local, Unavailable: null);

    /// <summary>The selected clusters, including those that do not exist.</summary>
    public IReadOnlyList<SelectedCluster> Resolve(ClusterSelection? selection)
    {
        if (selection is null || (selection.Names is null && selection.Selector is null))
        {
            return [_local];
        }

        List<SelectedCluster> all = ClusterSelectionMatcher.IncludesLocal(selection) ? [_local] : [];
        foreach (var cluster in declarations.Clusters.Store
            .List()
            .Where(cluster => ClusterSelectionMatcher.Includes(selection, cluster.Metadata.Name!, cluster.Metadata.Labels)))
        {
            all.Add(members.FindHealth(cluster.Metadata.Name!) ?? Unknown(cluster.Metadata.Name!));
        }

        all.AddRange((selection.Names ?? [])
            .Where(name => name != ClusterSelectionMatcher.Local && !all.Exists(known => known.Name == name))
            .Distinct(StringComparer.Ordinal)
            .Select(Missing));
        return all.Count > 0 ? all.OrderBy(cluster => cluster.Name, StringComparer.Ordinal).ToList() : [None];
    }

    private SelectedCluster None => Waiting(
        "", Reasons.NoClusterSelected, "spec.clusters.selector", "no Cluster has these labels; label one, or correct the selector");

    private static SelectedCluster Unknown(string name) =>
        new(name, Results: null, TargetResult.Pending(Reasons.Connecting, "not checked yet"), IsNew: true);

    private SelectedCluster Missing(string name) => Waiting(
        name, Reasons.ClusterNotFound, "spec.clusters.names", "there is no Cluster of that name; create it, or correct the name");

    private SelectedCluster Waiting(string name, string reason, string field, string message) =>
        new(name, Results: null, TargetResult.Pending(reason, $"{field}: {(declarations.AreClustersEnabled ? message : Off)}"));
}

/// <summary>A cluster that a declaration selects: its results, or why there are none.</summary>
/// <param name="Name">Empty if no cluster matches.</param>
/// <param name="Results">The results of its policies. Null if there are none.</param>
/// <param name="Unavailable">Why nothing can be enforced there. Null if it can.</param>
/// <param name="IsNew">Whether this process has not finished its first check. Statuses of an earlier process stay until then.</param>
internal sealed record SelectedCluster(string Name, ResultStore? Results, TargetResult? Unavailable, bool IsNew = false);
