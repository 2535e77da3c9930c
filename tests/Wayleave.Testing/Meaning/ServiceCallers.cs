using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>Who may call the pods behind a Service, and at which of their ports.</summary>
public static class ServiceCallers
{
    /// <summary>Whether a Service has pods that a policy can be about.</summary>
    public static bool HasPods(V1Service service) => service.Spec is { Selector.Count: > 0 } spec && spec.Type != "ExternalName";

    public static bool IsNamed(V1Service service, string @namespace, string name) =>
        service.Metadata.NamespaceProperty == @namespace && service.Metadata.Name == name;

    public static IEnumerable<Admission> Of(V1Service service, Callers callers) =>
        from intents in callers.Intents
        let client = callers.ClientOf(intents)
        where client is not null
        from target in Callers.ServiceTargets(intents)
        where IsNamed(service, target.Namespace, target.Name)
        select Admission.Of(client, (door, pod) => Leads(service, target.Target.Ports ?? [], door, pod));

    /// <summary>
    /// Whether a Service's ports, or those of them that are wanted, lead to a door of a pod. One without ports can only be headless: its pods
    /// are then called at any port.
    /// </summary>
    public static bool Leads(V1Service service, List<Wayleave.Kubernetes.Models.IntOrString> wanted, Door door, ClusterPod pod)
    {
        var ports = service.Spec!.Ports ?? [];
        return wanted.Count == 0
            ? ports.Count == 0 || ports.Exists(port => LeadsTo(port, door, pod))
            : ports.Exists(port => wanted.Contains(port.Port) && LeadsTo(port, door, pod));
    }

    private static bool LeadsTo(V1ServicePort port, Door door, ClusterPod pod)
    {
        var protocol = port.Protocol ?? Protocols.Tcp;
        return protocol == door.Protocol && (port.TargetPort?.Text is { } name
            ? pod.Ports.Any(named => named.Name == name && named.Protocol == protocol && named.Number == door.Port)
            : (port.TargetPort?.Number ?? port.Port) == door.Port);
    }
}
