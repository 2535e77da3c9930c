namespace Wayleave.Enforcement.Status;

/// <summary>How a member cluster was found.</summary>
/// <param name="Result">Enforced: it can be worked in. Pending: it may come by itself. Failed: someone has to act.</param>
public sealed record ClusterFinding(TargetResult Result)
{
    /// <summary>The version of Kubernetes, null when it is not known.</summary>
    public string? Version { get; init; }

    /// <summary>How many ClientIntents are meant for it.</summary>
    public int Intents { get; init; }

    /// <summary>How many policies of ours are there; null if that is not known.</summary>
    public int? Policies { get; init; }

    /// <summary>The digest of the credentials it is connected to with; null if it is not.</summary>
    public string? Credentials { get; init; }

    /// <summary>The digest of the identity of the cluster that it leads to; null if that is not known.</summary>
    public string? Identity { get; init; }
}
