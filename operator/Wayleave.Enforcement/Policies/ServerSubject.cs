using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>Whom a policy protects.</summary>
/// <param name="Kind">A workload's kind, or <see cref="Service"/>.</param>
public sealed record ServerSubject(string Kind, string Namespace, string Name, V1LabelSelector PodSelector)
{
    /// <summary>The kind of a subject that is a Service.</summary>
    public const string Service = "Service";
}
