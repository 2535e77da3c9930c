using k8s.Models;
using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>A workload in the namespace of the object that names it.</summary>
public sealed class WorkloadRef
{
    /// <summary>The workload's name.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>Kind of the workload. Required only where workloads of several kinds have the name.</summary>
    [Schema(EnumOf = typeof(WorkloadKinds))]
    public string? Kind { get; set; }

    /// <summary>
    /// Labels of the Pods, for Pods of a controller that is none of the supported kinds, such as an Argo Rollout, a database operator or a
    /// Job with a generated name. When set, the name is only a label for statuses and policies, and kind is ignored.
    /// </summary>
    public V1LabelSelector? Selector { get; set; }
}
