using k8s.Models;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Workloads;

/// <summary>Resolves a name to a workload.</summary>
public static class WorkloadResolver
{
    /// <summary>
    /// Resolves among all workloads with the namespace and name. Without a kind, several matches are ambiguous: a fixed order would let a
    /// new object take over the rules of another.
    /// </summary>
    public static WorkloadResolution Resolve(WorkloadKind? kind, IReadOnlyList<Workload> candidates)
    {
        var meant = new List<Workload>(1);
        foreach (var candidate in candidates)
        {
            if (candidate.Kind != WorkloadKind.Pods && (kind is null ? !candidate.IsOwned : candidate.Kind == kind))
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

    /// <summary>Resolves a reference, which may name Pods by their labels.</summary>
    /// <param name="reference">What a declaration names.</param>
    /// <param name="candidates">
    /// All workloads that have the name; and for Pods named by their labels, the entry of <see cref="Workload.FromSelector"/>.
    /// </param>
    public static WorkloadResolution Resolve(ParsedWorkloadRef reference, IReadOnlyList<Workload> candidates)
    {
        if (reference.Selector is not { } selector)
        {
            return Resolve(reference.Kind, candidates);
        }

        var pods = candidates.FirstOrDefault(
            candidate => candidate.Kind == WorkloadKind.Pods && SelectorEquality.AreEqual(candidate.PodSelector, selector))
            ?? Workload.FromSelector(reference.Namespace, reference.Name, selector, []);
        return pods.SelectsEverything ? new WorkloadResolution.EmptySelector(pods) : new WorkloadResolution.Found(pods);
    }

    private static WorkloadKind[] Kinds(IReadOnlyList<Workload> workloads) =>
        workloads.Count == 0
            ? []
            : workloads.Select(workload => workload.Kind).Where(kind => kind != WorkloadKind.Pods).Distinct().Order().ToArray();
}

/// <summary>The result of resolving a name. Only the nested types derive from it.</summary>
public abstract record WorkloadResolution
{
    private WorkloadResolution()
    {
    }

    /// <summary>Exactly one workload matches.</summary>
    public sealed record Found(Workload Workload) : WorkloadResolution;

    /// <summary>There is none, or none of the kind that was asked for.</summary>
    /// <param name="OtherKinds">The kinds that do have the name, in the order of look-up.</param>
    public sealed record NotFound(IReadOnlyList<WorkloadKind> OtherKinds) : WorkloadResolution;

    /// <summary>Several kinds have the name and none was asked for.</summary>
    /// <param name="Kinds">They, in the order of look-up.</param>
    public sealed record Ambiguous(IReadOnlyList<WorkloadKind> Kinds) : WorkloadResolution;

    /// <summary>Exactly one workload matches, but its selector is empty and would select the whole namespace.</summary>
    public sealed record EmptySelector(Workload Workload) : WorkloadResolution;
}

/// <summary>A workload as a declaration names it.</summary>
/// <param name="Kind">Null for any kind.</param>
/// <param name="Selector">The labels of the Pods, when they are named by these; the name is then only what they are called.</param>
public readonly record struct ParsedWorkloadRef(string Namespace, string Name, WorkloadKind? Kind, V1LabelSelector? Selector = null);
