using Wayleave.Enforcement;

namespace Wayleave.Operator.Clusters;

/// <summary>A member cluster cannot be worked in, for a reason that its status is to say.</summary>
internal sealed class ClusterException(TargetResult result) : Exception(result.Message)
{
    public TargetResult Result { get; } = result;

    /// <summary>Somebody has to change something first.</summary>
    public static ClusterException Failed(string reason, string message) => new(TargetResult.Failed(reason, message));

    /// <summary>It may pass by itself.</summary>
    public static ClusterException Pending(string reason, string message) => new(TargetResult.Pending(reason, message));
}
