namespace Wayleave.Operator.Clusters;

/// <summary>The state of one Cluster in this leader term. Only the <see cref="MemberClusterManager"/> accesses it.</summary>
internal sealed class MemberState
{
    /// <summary>The member. Null if it is not connected.</summary>
    public MemberCluster? Running { get; set; }

    /// <summary>Whether declarations can be enforced there. Null if not checked yet.</summary>
    public SelectedCluster? Health { get; set; }

    /// <summary>The identity of the cluster that it connects to. Null if unknown.</summary>
    public string? Identity { get; set; }

    /// <summary>Whether a check has ended, whatever its result.</summary>
    public bool IsChecked { get; set; }

    /// <summary>Since when it waits for older Clusters. Null if it does not.</summary>
    public long? WaitingSince { get; set; }

    /// <summary>The number of failed connections since the last success.</summary>
    public int Failures { get; set; }

    /// <summary>The number of checks since the connection that found the caches not synced.</summary>
    public int Unsynced { get; set; }
}
