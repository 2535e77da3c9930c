using Wayleave.Enforcement;

namespace Wayleave.Operator.Clusters;

/// <summary>A member cluster cannot be worked in, for a reason that its status is to say.</summary>
internal sealed class ClusterException(Verdict verdict) : Exception(verdict.Message)
{
    public Verdict Verdict { get; } = verdict;

    /// <summary>Somebody has to change something first.</summary>
    public static ClusterException Failed(string reason, string message) => new(Verdict.Failed(reason, message));

    /// <summary>It may pass by itself.</summary>
    public static ClusterException Pending(string reason, string message) => new(Verdict.Pending(reason, message));
}
