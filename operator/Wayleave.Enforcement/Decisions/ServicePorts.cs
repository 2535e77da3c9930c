using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Which ports of the Pods a Service's ports lead to.</summary>
/// <param name="ports">Of the Service.</param>
/// <param name="templates">The workloads behind the Service, as far as they are known: their containers say what a port name means.</param>
internal sealed class ServicePorts(List<PartialServicePort>? ports, IReadOnlyList<Workload> templates)
{
    private readonly List<PartialServicePort> _ports = ports ?? [];

    /// <summary>
    /// The Pods' ports behind the Service's ports <paramref name="wanted"/>, or behind all of them. A headless Service may have no ports.
    /// The result is then empty, which a rule reads as every port.
    /// </summary>
    /// <param name="wanted">The Service's own ports; empty for all.</param>
    /// <param name="missing">The first that the Service does not have.</param>
    public IReadOnlyList<PolicyPort> Find(IReadOnlyList<DeclaredPort> wanted, out DeclaredPort? missing)
    {
        missing = FirstMissing(wanted);
        return _ports.Where(port => wanted.Count == 0 || IsWanted(port, wanted)).SelectMany(Targets).ToList();
    }

    /// <summary>The names of the Service's ports <paramref name="wanted"/>; null for all.</summary>
    public IReadOnlyCollection<string>? Names(IReadOnlyList<DeclaredPort> wanted, out DeclaredPort? missing)
    {
        missing = FirstMissing(wanted);
        return wanted.Count == 0
            ? null
            : _ports.Where(port => IsWanted(port, wanted)).Select(port => port.Name ?? "").ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The Pods' ports behind one port of the Service: several when containers declare the name more than once.</summary>
    public IEnumerable<PolicyPort> Targets(PartialServicePort port)
    {
        var protocol = port.Protocol ?? PolicyPort.Tcp;
        var target = port.TargetPort ?? port.Port;
        return target.Text is { } name
            ? PortResolver.ResolveName(templates, name, protocol) ?? [new PolicyPort(protocol, target)]
            : [new PolicyPort(protocol, target)];
    }

    private DeclaredPort? FirstMissing(IReadOnlyList<DeclaredPort> wanted)
    {
        foreach (var port in wanted)
        {
            if (!_ports.Exists(own => port.Matches(own.Port, own.Name, own.Protocol)))
            {
                return port;
            }
        }

        return null;
    }

    private static bool IsWanted(PartialServicePort port, IReadOnlyList<DeclaredPort> wanted) =>
        wanted.Any(one => one.Matches(port.Port, port.Name, port.Protocol));
}
