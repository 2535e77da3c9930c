using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>Whom a declaration can be about: a workload, or a Service with its Pods.</summary>
/// <param name="Kind">The workload's kind, or <c>Service</c>.</param>
/// <param name="Direction"><c>ingress</c> where it is called, <c>egress</c> where it calls.</param>
public sealed record Subject(string Kind, string Namespace, string Name, V1LabelSelector Selector, string Direction)
{
    public const string Service = "Service";
    public const string Ingress = "ingress";
    public const string Egress = "egress";

    public string PolicyName => $"wayleave-{Kind.ToLowerInvariant()}-{Name}-{Direction}";

    /// <summary>The name by which it is remembered.</summary>
    public (string Namespace, string Policy) Id => (Namespace, PolicyName);

    /// <summary>What declarations call it: the name of Pods that are named by their labels has more behind it.</summary>
    public string DeclaredName => Kind == DeclaredWorkload.Pods ? Name[..Name.LastIndexOf('-')] : Name;

    public static Subject Of(DeclaredWorkload workload, string direction) =>
        new(workload.Kind, workload.Namespace, workload.Name, workload.Selector, direction);

    public static Subject Of(PartialService service) => new(
        Service,
        service.Metadata.NamespaceProperty!,
        service.Metadata.Name!,
        new V1LabelSelector { MatchLabels = service.Spec!.Selector },
        Ingress);

    /// <summary>Whether a policy about it is about a Pod.</summary>
    public bool Has(ClusterPod pod) => pod.Namespace == Namespace && !pod.HostNetwork && Selector.Selects(pod.Labels);
}
