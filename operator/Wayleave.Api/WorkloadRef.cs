using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>A workload in the namespace of the object that names it.</summary>
public sealed class WorkloadRef
{
    /// <summary>The workload's name.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The workload's kind. Needed only where workloads of several kinds have the name.</summary>
    [Schema(EnumOf = typeof(WorkloadKinds))]
    public string? Kind { get; set; }
}
