using System.Net;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Network;

/// <summary>What is known of a cluster's network. Immutable.</summary>
public sealed record ClusterNetwork
{
    /// <summary>The ranges that Pods get their addresses from, each once and none inside another; empty when they are not known.</summary>
    public IReadOnlyList<IPNetwork> PodRanges { get; init; } = [];

    /// <summary>The ranges that Services get their addresses from; empty when they are not known.</summary>
    public IReadOnlyList<IPNetwork> ServiceRanges { get; init; } = [];

    /// <summary>Whether the API server stores <c>endPort</c>: Kubernetes 1.22 and later.</summary>
    public bool SupportsPortRanges { get; init; } = true;

    /// <summary>The cluster's DNS: what the Services with the well-known names select.</summary>
    public IReadOnlyList<DnsServer> Dns { get; init; } = [];

    /// <summary>Whether the Pods of a workload are the cluster's DNS, or a Service leads to them.</summary>
    public bool IsDns(string @namespace, string? service, IEnumerable<Dictionary<string, string>?> podLabels) => Dns.Any(server =>
        server.Service.Namespace == @namespace
        && (server.Service.Name == service || podLabels.Any(labels => SelectorEquality.Includes(labels, server.Pods.MatchLabels))));
}

/// <summary>Pods that answer the cluster's DNS queries.</summary>
/// <param name="Service">The Service in front of them.</param>
/// <param name="Pods">What the Service selects; not empty.</param>
/// <param name="Ports">The ports that the Pods listen on.</param>
public sealed record DnsServer(NamespacedName Service, V1LabelSelector Pods, IReadOnlyList<PolicyPort> Ports)
{
    /// <summary>The Services that clusters name their DNS by.</summary>
    public static IReadOnlyList<NamespacedName> Services { get; } =
        [new("kube-system", "kube-dns"), new("kube-system", "coredns"), new("openshift-dns", "dns-default")];

    /// <summary>The Pods' ports behind a Service's ports, in order and each once.</summary>
    public static IReadOnlyList<PolicyPort> PortsOf(List<V1ServicePort>? ports, IReadOnlyList<Workload> backends)
    {
        var service = new ServicePorts(ports, backends);
        return [.. (ports ?? []).SelectMany(service.Targets).Distinct().Order()];
    }

    /// <inheritdoc/>
    public bool Equals(DnsServer? other) =>
        other is not null && Service == other.Service && SelectorEquality.Same(Pods, other.Pods) && Ports.SequenceEqual(other.Ports);

    /// <inheritdoc/>
    public override int GetHashCode() => Service.GetHashCode();
}
