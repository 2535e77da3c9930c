using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>The target ports of Services.</summary>
internal static class ServicePorts
{
    /// <summary>Whether a Service has Pods that a policy can select.</summary>
    public static bool HasPods(PartialService service) => service.Spec is { Selector.Count: > 0, Type: not "ExternalName" };

    /// <summary>
    /// Whether a Service's ports, or the declared ones among them, lead to a port of a Pod. A Service without ports is headless, and its Pods are
    /// called at any port.
    /// </summary>
    public static bool Leads(PartialService service, IReadOnlyList<PortNumberOrName>? wanted, Door door, ClusterPod? pod)
    {
        var ports = service.Spec!.Ports ?? [];
        return (ports.Count == 0 && wanted is null or { Count: 0 }) || ports.Exists(port => WrittenPort.Includes(wanted, port) && Leads(port, door, pod));
    }

    /// <summary>Whether a port of a Service leads to a port of a Pod.</summary>
    public static bool Leads(PartialServicePort port, Door door, ClusterPod? pod)
    {
        var protocol = port.Protocol ?? Protocols.Tcp;
        return protocol == door.Protocol && (port.TargetPort?.Text is { } name
            ? pod?.Ports.Contains(new NamedPort(name, door.Port, protocol)) == true
            : (port.TargetPort?.Number ?? port.Port) == door.Port);
    }
}
