using Wayleave.Api;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>Who declares to call whom.</summary>
public sealed class Callers(ClusterView view)
{
    /// <summary>What is asked for in other clusters only is not asked for here.</summary>
    public IEnumerable<ClientIntents> Intents => view.Intents.Where(intents => IsHere(intents.Spec.Clusters));

    public static bool IsHere(ClusterSelection? clusters) =>
        clusters?.Names is { Count: > 0 } names ? names.Contains("local") : clusters?.Selector is null;

    /// <summary>Whether a door is among TCP ports, of which none means every one of every protocol.</summary>
    public static bool IsAmong(List<Wayleave.Kubernetes.Models.IntOrString>? ports, Door door) =>
        ports is null or { Count: 0 } || (door.Protocol == Protocols.Tcp && ports.Contains(door.Port));

    /// <summary>The targets of an object that name workloads, with the namespace, the name and the kind that each means.</summary>
    public static IEnumerable<(string Namespace, string Name, KubernetesTarget Target)> WorkloadTargets(ClientIntents intents) =>
        from target in intents.Spec.Targets.Select(target => target.Kubernetes).OfType<KubernetesTarget>()
        let place = Place(target.Name, intents.Metadata.NamespaceProperty!)
        select (place.Namespace, place.Name, target);

    /// <summary>The targets of an object that name Services.</summary>
    public static IEnumerable<(string Namespace, string Name, ServiceTarget Target)> ServiceTargets(ClientIntents intents) =>
        from target in intents.Spec.Targets.Select(target => target.Service).OfType<ServiceTarget>()
        let place = Place(target.Name, intents.Metadata.NamespaceProperty!)
        select (place.Namespace, place.Name, target);

    /// <summary>
    /// The workload that calls, when its name means one and no other, that one has pods of its own, and a rule can tell its namespace.
    /// </summary>
    public DeclaredWorkload? ClientOf(ClientIntents intents)
    {
        var @namespace = intents.Metadata.NamespaceProperty!;
        var meant = view.Named(@namespace, intents.Spec.Workload.Name, intents.Spec.Workload.Kind);
        return meant is [{ HasOwnPods: true } client] && view.CanBeTold(@namespace) ? client : null;
    }

    /// <summary>Who may call a workload, and where: TCP ports, or everywhere when none are given.</summary>
    public IEnumerable<Admission> Of(DeclaredWorkload server) =>
        from intents in Intents
        let client = ClientOf(intents)
        where client is not null
        from target in WorkloadTargets(intents)
        where server.IsNamed(target.Namespace, target.Name, target.Target.Kind)
        select Admission.Of(client, (door, _) => IsAmong(target.Target.Ports, door));

    // name, or name.namespace
    private static (string Name, string Namespace) Place(string text, string own) =>
        text.Split('.') is [var name, var @namespace] ? (name, @namespace) : (text, own);
}
