using k8s.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>Compares an existing NetworkPolicy with the desired one, so that an unchanged policy is not written.</summary>
public static class PolicyEquality
{
    /// <summary>
    /// Compares what we own: our labels and annotation, the pods, the direction and its rules in their order. Labels and annotations of
    /// other writers are ignored, and so are rules of the other direction.
    /// </summary>
    /// <param name="actual">As read from an API server, which fills in defaults, and perhaps edited since.</param>
    /// <param name="desired">As built here.</param>
    public static bool Matches(V1NetworkPolicy actual, V1NetworkPolicy desired) =>
        SelectorEquality.ContainsAll(actual.Metadata.Labels, desired.Metadata.Labels)
        && SelectorEquality.ContainsAll(actual.Metadata.Annotations, desired.Metadata.Annotations)
        && actual.Spec is { } left && desired.Spec is { } right
        && SelectorEquality.AreEqual(left.PodSelector, right.PodSelector)
        && AreEqual(left.PolicyTypes, right.PolicyTypes, static (one, other) => one == other)
        && (right.Ingress is null || AreEqual(left.Ingress, right.Ingress, RulesEqual))
        && (right.Egress is null || AreEqual(left.Egress, right.Egress, RulesEqual));

    internal static bool PortsEqual(IList<V1NetworkPolicyPort>? left, IList<V1NetworkPolicyPort>? right) => AreEqual(left, right, SamePort);

    internal static bool PeersEqual(IList<V1NetworkPolicyPeer>? left, IList<V1NetworkPolicyPeer>? right) => AreEqual(left, right, SamePeer);

    internal static bool RulesEqual(V1NetworkPolicyIngressRule left, V1NetworkPolicyIngressRule right) =>
        AreEqual(left.FromProperty, right.FromProperty, SamePeer) && AreEqual(left.Ports, right.Ports, SamePort);

    internal static bool RulesEqual(V1NetworkPolicyEgressRule left, V1NetworkPolicyEgressRule right) =>
        AreEqual(left.To, right.To, SamePeer) && AreEqual(left.Ports, right.Ports, SamePort);

    private static bool SamePeer(V1NetworkPolicyPeer left, V1NetworkPolicyPeer right) =>
        left.IpBlock?.Cidr == right.IpBlock?.Cidr
        && AreEqual(left.IpBlock?.Except, right.IpBlock?.Except, static (one, other) => one == other)
        && SelectorEquality.AreEqual(left.PodSelector, right.PodSelector)
        && SelectorEquality.AreEqual(left.NamespaceSelector, right.NamespaceSelector);

    private static bool SamePort(V1NetworkPolicyPort left, V1NetworkPolicyPort right) =>
        left.Port?.Value == right.Port?.Value
            && left.EndPort == right.EndPort
            && (left.Protocol ?? PolicyPort.Tcp) == (right.Protocol ?? PolicyPort.Tcp);

    // An absent list is an empty one. The delegates are static: nothing is captured, nothing allocated.
    internal static bool AreEqual<T>(IList<T>? left, IList<T>? right, Func<T, T, bool> same)
    {
        var count = left?.Count ?? 0;
        var equal = count == (right?.Count ?? 0);
        for (var i = 0; equal && i < count; i++)
        {
            equal = same(left![i], right![i]);
        }

        return equal;
    }
}

/// <summary>Whether two selectors say the same. An absent list or map is an empty one; an absent selector is not an empty one.</summary>
public static class SelectorEquality
{
    public static bool AreEqual(V1LabelSelector? left, V1LabelSelector? right) =>
        ReferenceEquals(left, right)
        || (left is not null && right is not null
            && LabelsEqual(left.MatchLabels, right.MatchLabels)
            && PolicyEquality.AreEqual(left.MatchExpressions, right.MatchExpressions, AreEqual));

    /// <summary>Whether two maps have the same entries. An absent map is an empty one.</summary>
    public static bool LabelsEqual(IDictionary<string, string>? left, IDictionary<string, string>? right) =>
        (left?.Count ?? 0) == (right?.Count ?? 0) && ContainsAll(left, right);

    /// <summary>True when <paramref name="map"/> has every entry of <paramref name="part"/>.</summary>
    public static bool ContainsAll(IDictionary<string, string>? map, IDictionary<string, string>? part)
    {
        if (part is null)
        {
            return true;
        }

        // The models' maps are dictionaries, whose own enumerator costs no memory.
        if (part is Dictionary<string, string> entries)
        {
            foreach (var (key, value) in entries)
            {
                if (!Has(map, key, value))
                {
                    return false;
                }
            }

            return true;
        }

        return HasAll(map, part);
    }

    private static bool HasAll(IDictionary<string, string>? map, IDictionary<string, string> part) =>
        part.All(entry => Has(map, entry.Key, entry.Value));

    private static bool Has(IDictionary<string, string>? map, string key, string value) =>
        map is not null && map.TryGetValue(key, out var actual) && actual == value;

    private static bool AreEqual(V1LabelSelectorRequirement left, V1LabelSelectorRequirement right) =>
        left.Key == right.Key && left.OperatorProperty == right.OperatorProperty
        && PolicyEquality.AreEqual(left.Values, right.Values, static (one, other) => one == other);
}
