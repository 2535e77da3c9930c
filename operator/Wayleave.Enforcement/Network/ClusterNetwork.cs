using System.Net;
using k8s.Models;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Network;

/// <summary>The known address ranges of a cluster. Immutable.</summary>
public sealed record ClusterNetwork
{
    /// <summary>The Pod ranges, without overlaps. Empty if unknown.</summary>
    public IReadOnlyList<IPNetwork> PodRanges { get; init; } = [];

    /// <summary>The ranges that Services get their addresses from; empty when they are not known.</summary>
    public IReadOnlyList<IPNetwork> ServiceRanges { get; init; } = [];

    /// <summary>Whether the API server stores <c>endPort</c>: Kubernetes 1.22 and later.</summary>
    public bool SupportsPortRanges { get; init; } = true;

    /// <summary>The cluster's DNS: what the Services with the well-known names select.</summary>
    public IReadOnlyList<DnsServer> Dns { get; init; } = [];

    /// <summary>Whether a policy for the Pods that a selector matches would be a policy for the cluster's DNS.</summary>
    public bool SelectsDns(string @namespace, V1LabelSelector pods) => Dns.Any(server =>
        server.Service.Namespace == @namespace && server.KnownLabels.Any(labels => SelectorMatch.Matches(pods, labels)));
}

/// <summary>Pods that answer the cluster's DNS queries.</summary>
/// <param name="Pods">What the Service selects; not empty.</param>
/// <param name="Ports">The ports that the Pods listen on.</param>
public sealed record DnsServer(NamespacedName Service, V1LabelSelector Pods, IReadOnlyList<PolicyPort> Ports)
{
    /// <summary>The well-known Services of cluster DNS.</summary>
    public static IReadOnlyList<NamespacedName> Services { get; } =
    [
        new("kube-system", "kube-dns"), new("kube-system", "coredns"), new("kube-system", "rke2-coredns-rke2-coredns"),
        new("openshift-dns", "dns-default"),
    ];

    /// <summary>The labels of the Pods, as far as the workloads behind the Service are known.</summary>
    public IReadOnlyList<IDictionary<string, string>> PodLabels { get; init; } = [];

    /// <summary>The labels that Pods of the DNS are known to have: at least those that the Service selects by.</summary>
    internal IEnumerable<IDictionary<string, string>> KnownLabels =>
        PodLabels.Append(Pods.MatchLabels ?? new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>Reads a Service of the cluster's DNS; null when it selects no Pods.</summary>
    /// <param name="service">One of <see cref="Services"/>; null when it does not exist.</param>
    /// <param name="backends">The workloads whose Pods it selects.</param>
    public static DnsServer? Read(PartialService? service, IReadOnlyList<Workload> backends) =>
        service?.Spec is { Selector: { Count: > 0 } labels } spec
        ? new DnsServer(NamespacedName.From(service), new V1LabelSelector { MatchLabels = labels }, PortsOf(spec.Ports, backends))
        {
            PodLabels = [.. backends.Select(backend => backend.PodLabels).OfType<Dictionary<string, string>>()],
        }
        : null;

    /// <summary>The Pods' ports behind a Service's ports, in order and each once.</summary>
    public static IReadOnlyList<PolicyPort> PortsOf(List<PartialServicePort>? ports, IReadOnlyList<Workload> backends)
    {
        var service = new ServicePorts(ports, backends);
        return [.. (ports ?? []).SelectMany(service.Targets).Distinct().Order()];
    }

    public bool Equals(DnsServer? other) =>
        other is not null && Service == other.Service && SelectorEquality.AreEqual(Pods, other.Pods) && Ports.SequenceEqual(other.Ports)
        && PodLabels.Count == other.PodLabels.Count
            && PodLabels.Zip(other.PodLabels).All(pair => SelectorEquality.LabelsEqual(pair.First, pair.Second));

    public override int GetHashCode() => Service.GetHashCode();
}
