using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>Whether a policy in the cluster says what it should, so that an unchanged one costs no write. Allocates nothing.</summary>
public static class PolicyEquality
{
    /// <summary>
    /// Compares what we own: our labels and annotation, the pods, the direction and the rules in their order. Labels and annotations of
    /// others do not count, nor do egress rules where the policy is not about egress, as they then mean nothing.
    /// </summary>
    /// <param name="actual">As read from an API server, which fills in defaults, and perhaps edited since.</param>
    /// <param name="desired">As built here.</param>
    public static bool Matches(V1NetworkPolicy actual, V1NetworkPolicy desired)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(desired);
        return SelectorEquality.Includes(actual.Metadata.Labels, desired.Metadata.Labels)
            && SelectorEquality.Includes(actual.Metadata.Annotations, desired.Metadata.Annotations)
            && actual.Spec is { } left && desired.Spec is { } right
            && SelectorEquality.Same(left.PodSelector, right.PodSelector)
            && SameTypes(left.PolicyTypes, right.PolicyTypes)
            && SameRules(left.Ingress, right.Ingress);
    }

    private static bool SameTypes(List<string>? left, List<string>? right)
    {
        var count = left?.Count ?? 0;
        var same = count == (right?.Count ?? 0);
        for (var i = 0; same && i < count; i++)
        {
            same = left![i] == right![i];
        }

        return same;
    }

    private static bool SameRules(List<V1NetworkPolicyIngressRule>? left, List<V1NetworkPolicyIngressRule>? right)
    {
        var count = left?.Count ?? 0;
        var same = count == (right?.Count ?? 0);
        for (var i = 0; same && i < count; i++)
        {
            same = SamePeers(left![i].FromProperty, right![i].FromProperty) && SamePorts(left[i].Ports, right[i].Ports);
        }

        return same;
    }

    private static bool SamePeers(List<V1NetworkPolicyPeer>? left, List<V1NetworkPolicyPeer>? right)
    {
        var count = left?.Count ?? 0;
        var same = count == (right?.Count ?? 0);
        for (var i = 0; same && i < count; i++)
        {
            same = left![i].IpBlock is null && right![i].IpBlock is null
                && SelectorEquality.Same(left[i].PodSelector, right[i].PodSelector)
                && SelectorEquality.Same(left[i].NamespaceSelector, right[i].NamespaceSelector);
        }

        return same;
    }

    private static bool SamePorts(List<V1NetworkPolicyPort>? left, List<V1NetworkPolicyPort>? right)
    {
        var count = left?.Count ?? 0;
        var same = count == (right?.Count ?? 0);
        for (var i = 0; same && i < count; i++)
        {
            same = left![i].Port == right![i].Port
                && left[i].EndPort == right[i].EndPort
                && (left[i].Protocol ?? PolicyPort.Tcp) == (right[i].Protocol ?? PolicyPort.Tcp);
        }

        return same;
    }
}
