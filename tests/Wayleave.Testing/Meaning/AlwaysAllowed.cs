using Wayleave.Api;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>Who may call every server of a namespace: <c>allow.from</c> of the policy that governs it.</summary>
public static class AlwaysAllowed
{
    public static IEnumerable<Admission> In(string @namespace, ClusterView view) => view.RuleOf(@namespace).From
        .Where(caller => caller.NamespaceSelector is not null || caller.PodSelector is not null)
        .Select(caller => new Admission(pod => IsMeant(caller, @namespace, pod, view), (door, _) => Callers.IsAmong(caller.Ports, door)));

    private static bool IsMeant(AllowedCaller caller, string @namespace, ClusterPod pod, ClusterView view) =>
        (caller.NamespaceSelector?.Selects(view.LabelsOf(pod.Namespace)) ?? (pod.Namespace == @namespace))
        && caller.PodSelector?.Selects(pod.Labels) != false;
}
