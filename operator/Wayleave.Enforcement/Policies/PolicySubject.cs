using k8s.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>Whose pods a policy, or a rule of one, is about.</summary>
/// <param name="Kind">A workload's kind, or <see cref="Service"/>.</param>
public sealed record PolicySubject(string Kind, string Namespace, string Name, V1LabelSelector PodSelector)
{
    /// <summary>The kind of a subject that is a Service.</summary>
    public const string Service = "Service";

    /// <summary>Selectors that say the same are equal.</summary>
    public bool Equals(PolicySubject? other) =>
        other is not null
        && Kind == other.Kind
        && Namespace == other.Namespace
        && Name == other.Name
        && SelectorEquality.Same(PodSelector, other.PodSelector);

    public override int GetHashCode() => HashCode.Combine(Kind, Namespace, Name);
}
