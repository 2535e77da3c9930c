using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>The workload to protect.</summary>
public sealed class ProtectedServiceSpec
{
    /// <summary>The workload's name, in this object's namespace.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The workload's kind. Needed only where workloads of several kinds have the name.</summary>
    [Schema(EnumOf = typeof(WorkloadKinds))]
    public string? Kind { get; set; }

    /// <summary>The clusters to enforce in; only this one when absent.</summary>
    public ClusterSelection? Clusters { get; set; }
}
