namespace Wayleave.Api;

/// <summary>The workload to protect.</summary>
public sealed class ProtectedServiceSpec
{
    /// <summary>The workload to protect, in this object's namespace.</summary>
    public WorkloadRef Workload { get; set; } = new();

    /// <summary>
    /// Whether the workload's own Pods may reach each other, as clustered StatefulSets need. Defaults to true.
    /// </summary>
    public bool? OwnPods { get; set; }

    /// <summary>The clusters to enforce in; only this one when absent.</summary>
    public ClusterSelection? Clusters { get; set; }
}
