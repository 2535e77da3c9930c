using Wayleave.Api;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Status;

/// <summary>Turns what was found of a member cluster into the status of its <see cref="Cluster"/>.</summary>
public static class ClusterSummary
{
    private const int MaxMessage = 1024;

    /// <summary>The status of the object's present generation. What is not known now stays as it was known last.</summary>
    public static ClusterStatus Summarize(Cluster cluster, ClusterFinding finding, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(finding);
        var progress = finding.Result switch
        {
            { State: TargetStates.Enforced } => Progress.Done,
            { Reason: Reasons.Paused } => Progress.Paused,
            { State: TargetStates.Failed } => Progress.Stalled,
            _ => Progress.Awaiting,
        };
        var outcome = new Outcome(progress, finding.Result.Reason, SanitizedText.Bound(finding.Result.Message ?? "", MaxMessage));
        return new ClusterStatus
        {
            ObservedGeneration = cluster.Metadata.Generation,
            KubernetesVersion = finding.Version ?? cluster.Status?.KubernetesVersion,
            Intents = finding.Intents,
            Policies = finding.Policies ?? cluster.Status?.Policies,
            Credentials = finding.Credentials ?? cluster.Status?.Credentials,
            Identity = finding.Identity ?? cluster.Status?.Identity,
            Conditions = ConditionList.Of(outcome, cluster.Metadata.Generation, cluster.Status?.Conditions, now),
        };
    }
}
