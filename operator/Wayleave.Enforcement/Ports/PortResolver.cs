using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Ports;

/// <summary>
/// Turns declared ports into the ports of a NetworkPolicy. Names become numbers wherever the Pod templates allow it, because some network
/// plugins ignore names.
/// </summary>
public static class PortResolver
{
    /// <summary>The largest range that is written as single ports where the API server does not know <c>endPort</c>.</summary>
    public const int MaxExpandedRange = 128;

    private static readonly string[] _protocols = [PolicyPort.Tcp, "UDP", "SCTP"];

    /// <param name="declared">Empty for every port.</param>
    /// <param name="pods">The workloads whose Pods are called, as far as they are known.</param>
    /// <param name="supportsRanges">Whether the API server stores <c>endPort</c> (Kubernetes 1.22).</param>
    /// <param name="unsupported">The first range that cannot be written, which is then left out; null when there is none.</param>
    /// <returns>The ports; empty for every port, null when ports were declared and none can be written.</returns>
    public static IReadOnlyList<PolicyPort>? Resolve(
        IReadOnlyList<DeclaredPort> declared, IReadOnlyList<Workload> pods, bool supportsRanges, out DeclaredPort? unsupported)
    {
        unsupported = null;
        if (declared.Count == 0)
        {
            return [];
        }

        var resolved = new List<PolicyPort>(declared.Count);
        foreach (var port in declared)
        {
            if (!Add(port, pods, supportsRanges, resolved))
            {
                unsupported ??= port;
            }
        }

        return resolved.Count > 0 ? resolved : null;
    }

    /// <summary>
    /// A port as the API server can store it: a range as single ports where it knows no ranges, and nothing for a range that is too large.
    /// </summary>
    public static IReadOnlyList<PolicyPort> ToSupportedPorts(PolicyPort port, bool supportsRanges)
    {
        if (port.EndPort is not { } last || supportsRanges)
        {
            return [port];
        }

        var first = port.Port.Number;
        return last - first >= MaxExpandedRange
            ? []
            : [.. Enumerable.Range(first, last - first + 1).Select(number => new PolicyPort(port.Protocol, number))];
    }

    /// <summary>
    /// The number and protocol that a port name has in all the Pods; null when they differ, when some lack it, or when no Pods are known.
    /// It then has to stay a name: a number would also open Pods that do not have the name.
    /// </summary>
    /// <param name="pods">The workloads whose Pods are called, as far as they are known.</param>
    /// <param name="protocol">Only ports of that protocol count; null for any.</param>
    public static IReadOnlyList<PolicyPort>? ResolveName(IReadOnlyList<Workload> pods, string name, string? protocol = null)
    {
        List<PolicyPort>? common = null;
        foreach (var workload in pods)
        {
            var own = workload.Ports
                .Where(port => port.Name == name && (protocol is null || port.Protocol == protocol))
                .Select(port => new PolicyPort(port.Protocol, port.Number))
                .Order()
                .ToList();
            if (own.Count == 0 || (common is not null && !common.SequenceEqual(own)))
            {
                return null;
            }

            common = own;
        }

        return common;
    }

    // A name in a NetworkPolicy matches in one protocol only. Where no Pods are known, a container may declare it in any.
    private static IEnumerable<string> ProtocolsOf(IReadOnlyList<Workload> pods, string name)
    {
        var known = pods
            .SelectMany(workload => workload.Ports)
            .Where(port => port.Name == name)
            .Select(port => port.Protocol)
            .Distinct()
            .ToList();
        return pods.Count == 0 ? _protocols : known.Count == 0 ? [PolicyPort.Tcp] : known;
    }

    private static bool Add(DeclaredPort port, IReadOnlyList<Workload> pods, bool supportsRanges, List<PolicyPort> resolved)
    {
        if (port.Name is { } name)
        {
            resolved.AddRange(ResolveName(pods, name) ?? ProtocolsOf(pods, name).Select(own => new PolicyPort(own, name)));
            return true;
        }

        var storable = ToSupportedPorts(port.ToPolicyPort(), supportsRanges);
        resolved.AddRange(storable);
        return storable.Count > 0;
    }
}
