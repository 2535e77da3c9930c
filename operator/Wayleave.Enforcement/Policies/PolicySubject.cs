using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>Whose pods a policy, or a rule of one, is about.</summary>
/// <param name="Kind">A workload's kind, or <see cref="Service"/>.</param>
public sealed record PolicySubject(string Kind, string Namespace, string Name, V1LabelSelector PodSelector)
{
    /// <summary>The kind of a subject that is a Service.</summary>
    public const string Service = "Service";
}
