using Wayleave.Kubernetes.Configuration;

namespace Wayleave.Operator.Clusters;

/// <summary>How to reach a member cluster and as whom.</summary>
/// <param name="Source">Never logged, and no part of it told.</param>
/// <param name="Digest">Changes with them.</param>
/// <param name="SecretVersion">Of the Secret that they were read from.</param>
internal sealed record ClusterCredentials(ConnectionSource Source, string Digest, string SecretVersion)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(ClusterCredentials);
}
