using Wayleave.Kubernetes;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Hosting;

/// <summary>
/// What this process remembers while it leads. Another process may have led since an earlier term, so that none of it holds in the next. What
/// belongs to member clusters goes with them.
/// </summary>
internal sealed class LeaderTermState(
    ResultStore board,
    NameConflicts taken,
    WriteBackoff<NamespacedName> backoff,
    StatusConflicts conflicts,
    ClusterDirectory directory,
    ClusterReconciler clusters)
{
    /// <summary>Forgets all of it. Called before the controllers run.</summary>
    public void Clear()
    {
        board.Clear();
        taken.Clear();
        backoff.Clear();
        conflicts.Clear();
        directory.Clear();
        clusters.Clear();
    }
}
