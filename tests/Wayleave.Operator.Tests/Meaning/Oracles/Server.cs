using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Operator.Tests.Meaning.Oracles;

/// <summary>Whom a declaration can be about: a workload, or a Service with its pods.</summary>
/// <param name="Kind">The workload's kind, or <c>Service</c>.</param>
internal sealed record Server(string Kind, string Namespace, string Name, V1LabelSelector Selector)
{
    public string PolicyName => $"wayleave-{Kind.ToLowerInvariant()}-{Name}-ingress";

    /// <summary>The name by which it is remembered.</summary>
    public (string Namespace, string Policy) Id => (Namespace, PolicyName);

    public bool Has(ClusterPod pod) => pod.Namespace == Namespace && Selector.Selects(pod.Labels);
}
