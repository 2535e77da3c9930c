using System.Collections.Concurrent;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Targets;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Clusters;

/// <summary>Knows of each cluster whether it can be worked in. Thread-safe.</summary>
internal sealed class ClusterDirectory(DeclarationCache declarations, ResultStore local)
{
    private const string Off =
        "this operator does not manage member clusters; set clusters.enabled=true in its chart (--clusters), or take spec.clusters out";

    private readonly ConcurrentDictionary<string, SelectedCluster> _members = new(StringComparer.Ordinal);
    private readonly SelectedCluster _local = new(ClusterSelector.Local, local, Obstacle: null);

    /// <summary>The selected clusters, including those that do not exist.</summary>
    public IReadOnlyList<SelectedCluster> Of(ClusterSelection? selection)
    {
        if (selection is null || (selection.Names is null && selection.Selector is null))
        {
            return [_local];
        }

        List<SelectedCluster> all = ClusterSelector.IncludesLocal(selection) ? [_local] : [];
        foreach (var cluster in declarations.Clusters.Store.List().Where(cluster => ClusterSelector.Includes(selection, cluster.Metadata.Name!, cluster.Metadata.Labels)))
        {
            all.Add(_members.GetValueOrDefault(cluster.Metadata.Name!) ?? Unknown(cluster.Metadata.Name!));
        }

        all.AddRange((selection.Names ?? []).Where(name => name != ClusterSelector.Local && !all.Exists(known => known.Name == name)).Distinct(StringComparer.Ordinal).Select(Missing));
        return all.Count > 0 ? all.OrderBy(cluster => cluster.Name, StringComparer.Ordinal).ToList() : [None];
    }

    /// <summary>Stores the health of a member. True if it changed.</summary>
    /// <param name="name">The member.</param>
    /// <param name="board">What is decided there; null if nothing is.</param>
    /// <param name="obstacle">Why it cannot be worked in now; null if it can.</param>
    /// <param name="isNew">Whether nothing can be said of it yet.</param>
    public bool Set(string name, ResultStore? board, TargetResult? obstacle, bool isNew)
    {
        var now = new SelectedCluster(name, board, obstacle, isNew);
        var before = _members.GetValueOrDefault(name);
        _members[name] = now;
        return before != now;
    }

    /// <summary>Forgets how all members were found, as after another process has led.</summary>
    public void Clear() => _members.Clear();

    public void Forget(string name) => _members.TryRemove(name, out _);

    private SelectedCluster None => Waiting(
        "", Reasons.NoClusterSelected, "spec.clusters.selector", "no Cluster has these labels (label one, or correct the selector)");

    private static SelectedCluster Unknown(string name) => new(name, Board: null, TargetResult.Pending(Reasons.Connecting, "it has not been looked at yet"), IsNew: true);

    private SelectedCluster Missing(string name) => Waiting(
        name, Reasons.ClusterNotFound, "spec.clusters.names", "there is no Cluster of that name (create it, or correct the name)");

    private SelectedCluster Waiting(string name, string reason, string field, string message) =>
        new(name, Board: null, TargetResult.Pending(reason, $"{field}: {(declarations.WantsClusters ? message : Off)}"));
}
