using Wayleave.Enforcement;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Clusters;

/// <summary>A cluster that a declaration is meant for: what was decided for it there, or why nothing can be now.</summary>
/// <param name="Name">Empty if there is none.</param>
/// <param name="Board">Where its decisions are.</param>
/// <param name="Obstacle">Why there are none.</param>
/// <param name="IsNew">Nothing can be said of it yet: this process has only begun to look at it.</param>
internal sealed record SelectedCluster(string Name, ResultStore? Board, TargetResult? Obstacle, bool IsNew = false);
