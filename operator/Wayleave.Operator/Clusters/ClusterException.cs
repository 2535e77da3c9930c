using Wayleave.Enforcement;

namespace Wayleave.Operator.Clusters;

/// <summary>A member cluster cannot be worked in, for a reason that its status is to say.</summary>
internal sealed class ClusterException(Verdict verdict) : Exception(verdict.Message)
{
    public Verdict Verdict { get; } = verdict;
}
