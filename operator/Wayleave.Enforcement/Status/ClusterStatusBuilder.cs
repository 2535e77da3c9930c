using Wayleave.Api;

namespace Wayleave.Enforcement.Status;

/// <summary>Builds the status of a <see cref="Cluster"/>.</summary>
public static class ClusterStatusBuilder
{
    /// <summary>The status of the current generation. Unknown values keep their last value.</summary>
    public static ClusterStatus Summarize(Cluster cluster, ClusterCheckResult finding, DateTimeOffset now) => new()
    {
        ObservedGeneration = cluster.Metadata.Generation,
        KubernetesVersion = finding.Version ?? cluster.Status?.KubernetesVersion,
        Intents = finding.Intents,
        Policies = finding.Policies ?? cluster.Status?.Policies,
        Credentials = finding.Credentials ?? cluster.Status?.Credentials,
        Identity = finding.Identity ?? cluster.Status?.Identity,
        Conditions = ConditionBuilder.Build(finding.Result, cluster.Metadata.Generation, cluster.Status?.Conditions, now),
    };
}

/// <summary>The result of checking a member cluster.</summary>
/// <param name="Result">Enforced if it is connected, Pending if it may recover without the user, Failed if the user has to act.</param>
public sealed record ClusterCheckResult(TargetResult Result)
{
    /// <summary>The version of Kubernetes, null when it is not known.</summary>
    public string? Version { get; init; }

    /// <summary>The number of ClientIntents that select it.</summary>
    public int Intents { get; init; }

    /// <summary>How many policies of ours are there; null if that is not known.</summary>
    public int? Policies { get; init; }

    /// <summary>The digest of the credentials it is connected to with; null if it is not.</summary>
    public string? Credentials { get; init; }

    /// <summary>The digest of the identity of the cluster that it leads to; null if that is not known.</summary>
    public string? Identity { get; init; }
}
