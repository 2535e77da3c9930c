namespace Wayleave.Enforcement.Workloads;

/// <summary>Says which workload a name means.</summary>
public static class WorkloadResolver
{
    /// <summary>
    /// Looks among all workloads that have the wanted namespace and name. Without a kind, several kinds are ambiguous rather
    /// than a matter of order: an order would let a new object quietly take over the rules of another.
    /// </summary>
    public static WorkloadResolution Resolve(WorkloadKind? kind, IReadOnlyList<Workload> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var meant = new List<Workload>(1);
        foreach (var candidate in candidates)
        {
            if (kind is null ? !candidate.Owned : candidate.Kind == kind)
            {
                meant.Add(candidate);
            }
        }

        return meant.Count switch
        {
            0 => new WorkloadResolution.NotFound(Kinds(candidates)),
            1 when meant[0].SelectsEverything => new WorkloadResolution.EmptySelector(meant[0]),
            1 => new WorkloadResolution.Found(meant[0]),
            _ => new WorkloadResolution.Ambiguous(Kinds(meant)),
        };
    }

    private static WorkloadKind[] Kinds(IReadOnlyList<Workload> workloads) =>
        workloads.Count == 0 ? [] : workloads.Select(workload => workload.Kind).Distinct().Order().ToArray();
}
