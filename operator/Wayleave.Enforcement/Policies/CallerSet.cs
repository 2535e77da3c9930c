namespace Wayleave.Enforcement.Policies;

/// <summary>A client that may call.</summary>
/// <param name="Ports">The ports, sorted and unique. Empty for every port.</param>
public sealed record Caller(PolicySubject Client, IReadOnlyList<PolicyPort> Ports);

/// <summary>
/// Merges intents by client. The ports of a client are combined; an intent for all ports includes every other. One pass and one sort. Not
/// thread-safe.
/// </summary>
internal sealed class CallerSet
{
    private readonly Dictionary<(string, string, string), (PolicySubject Client, PortSet Ports)> _callers = [];

    /// <summary>Allows a client to call; everywhere when <paramref name="ports"/> is empty.</summary>
    public void Allow(PolicySubject client, IReadOnlyList<PolicyPort> ports)
    {
        var key = (client.Namespace, client.Kind, client.Name);
        if (!_callers.TryGetValue(key, out var caller))
        {
            caller = (client, new PortSet());
            _callers.Add(key, caller);
        }

        caller.Ports.Add(ports);
    }

    /// <summary>The callers, ordered by namespace, kind and name.</summary>
    public IReadOnlyList<Caller> ToOrderedList()
    {
        var callers = new Caller[_callers.Count];
        var next = 0;
        foreach (var (client, ports) in _callers.Values)
        {
            callers[next++] = new Caller(client, ports.ToOrderedList());
        }

        Array.Sort(callers, static (left, right) => Compare(left.Client, right.Client));
        return callers;
    }

    private static int Compare(PolicySubject left, PolicySubject right)
    {
        var byNamespace = string.CompareOrdinal(left.Namespace, right.Namespace);
        var byKind = byNamespace != 0 ? byNamespace : string.CompareOrdinal(left.Kind, right.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(left.Name, right.Name);
    }
}
