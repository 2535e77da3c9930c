using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>How to reach a member cluster.</summary>
public sealed class ClusterSpec
{
    /// <summary>The Secret with its kubeconfig.</summary>
    public KubeconfigSecretRef KubeconfigSecretRef { get; set; } = new();

    /// <summary>Change nothing in the cluster for now. False when absent.</summary>
    public bool? Paused { get; set; }

    /// <summary>
    /// What happens to the policies there when this object is deleted. Cleanup, also when absent, removes them first, and waits for the
    /// cluster if it cannot be reached. Orphan leaves them in force.
    /// </summary>
    [Schema(EnumOf = typeof(ClusterDeletions))]
    public string? OnDelete { get; set; }
}
