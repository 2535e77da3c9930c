namespace Wayleave.Enforcement.Workloads;

/// <summary>What a name was found to mean. The nested types are all there are.</summary>
public abstract record WorkloadResolution
{
    private WorkloadResolution()
    {
    }

    /// <summary>One workload is meant.</summary>
    public sealed record Found(Workload Workload) : WorkloadResolution;

    /// <summary>There is none, or none of the kind that was asked for.</summary>
    /// <param name="OtherKinds">The kinds that do have the name, in the order of look-up.</param>
    public sealed record NotFound(IReadOnlyList<WorkloadKind> OtherKinds) : WorkloadResolution;

    /// <summary>Several kinds have the name and none was asked for.</summary>
    /// <param name="Kinds">They, in the order of look-up.</param>
    public sealed record Ambiguous(IReadOnlyList<WorkloadKind> Kinds) : WorkloadResolution;

    /// <summary>One workload is meant, and a policy for it would be a policy for its whole namespace.</summary>
    public sealed record EmptySelector(Workload Workload) : WorkloadResolution;
}
