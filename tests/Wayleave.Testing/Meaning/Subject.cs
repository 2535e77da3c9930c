using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>What a policy can select: a workload, or the Pods of a Service.</summary>
/// <param name="Kind">The workload's kind, or <c>Service</c>.</param>
/// <param name="Direction"><c>ingress</c> for a server, <c>egress</c> for a client.</param>
public sealed record Subject(string Kind, string Namespace, string Name, V1LabelSelector Selector, string Direction)
{
    public const string Service = "Service";
    public const string Ingress = "ingress";
    public const string Egress = "egress";

    public string PolicyName => $"wayleave-{Kind.ToLowerInvariant()}-{Name}-{Direction}";

    /// <summary>The namespace and the name of its policy.</summary>
    public (string Namespace, string Policy) Id => (Namespace, PolicyName);

    /// <summary>Its name in declarations. The name of Pods that are selected by their labels has a suffix.</summary>
    public string DeclaredName => Kind == DeclaredWorkload.Pods ? Name[..Name.LastIndexOf('-')] : Name;

    public static Subject Of(DeclaredWorkload workload, string direction) =>
        new(workload.Kind, workload.Namespace, workload.Name, workload.Selector, direction);

    public static Subject Of(PartialService service) => new(
        Service,
        service.Metadata.NamespaceProperty!,
        service.Metadata.Name!,
        new V1LabelSelector { MatchLabels = service.Spec!.Selector },
        Ingress);

    /// <summary>Whether its policy selects a Pod.</summary>
    public bool Has(ClusterPod pod) => pod.Namespace == Namespace && !pod.HostNetwork && Selector.Selects(pod.Labels);
}
