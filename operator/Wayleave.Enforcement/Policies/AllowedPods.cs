namespace Wayleave.Enforcement.Policies;

/// <summary>Pods that may call or be called.</summary>
/// <param name="Ports">The ports, sorted and unique. Empty for every port.</param>
public sealed record AllowedPods(PolicySubject Pods, IReadOnlyList<PolicyPort> Ports);

/// <summary>
/// Merges declarations by the Pods that they allow. The ports of the same Pods are combined; a declaration for all ports includes every
/// other. One pass and one sort. Not thread-safe.
/// </summary>
internal sealed class AllowedPodSet
{
    private readonly Dictionary<(string, string, string), (PolicySubject Pods, PortSet Ports)> _allowed = [];

    /// <summary>Allows Pods, on every port if <paramref name="ports"/> is empty.</summary>
    public void Allow(PolicySubject pods, IReadOnlyList<PolicyPort> ports)
    {
        var key = (pods.Namespace, pods.Kind, pods.Name);
        if (!_allowed.TryGetValue(key, out var known))
        {
            known = (pods, new PortSet());
            _allowed.Add(key, known);
        }

        known.Ports.Add(ports);
    }

    /// <summary>The allowed Pods, ordered by namespace, kind and name.</summary>
    public IReadOnlyList<AllowedPods> ToOrderedList()
    {
        var ordered = new AllowedPods[_allowed.Count];
        var next = 0;
        foreach (var (pods, ports) in _allowed.Values)
        {
            ordered[next++] = new AllowedPods(pods, ports.ToOrderedList());
        }

        Array.Sort(ordered, static (left, right) => Compare(left.Pods, right.Pods));
        return ordered;
    }

    private static int Compare(PolicySubject left, PolicySubject right)
    {
        var byNamespace = string.CompareOrdinal(left.Namespace, right.Namespace);
        var byKind = byNamespace != 0 ? byNamespace : string.CompareOrdinal(left.Kind, right.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(left.Name, right.Name);
    }
}
