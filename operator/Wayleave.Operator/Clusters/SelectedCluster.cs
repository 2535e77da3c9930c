using Wayleave.Enforcement;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Clusters;

/// <summary>A cluster that a declaration is meant for: what was decided for it there, or why nothing can be now.</summary>
internal sealed record SelectedCluster(string Name, VerdictBoard? Board, Verdict? Obstacle);
