using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Policies;

/// <summary>
/// Merges declared calls into callers: the same client twice may use the ports of both, and a call to all ports takes in every other.
/// One pass over the calls and one sort. Not thread-safe.
/// </summary>
internal sealed class CallerSet
{
    private readonly Dictionary<(string, WorkloadKind, string), (Workload Client, PortSet Ports)> _callers = [];

    /// <summary>Lets a client in; everywhere when <paramref name="ports"/> is empty.</summary>
    public void Allow(Workload client, IReadOnlyList<PolicyPort> ports)
    {
        var key = (client.Namespace, client.Kind, client.Name);
        if (!_callers.TryGetValue(key, out var caller))
        {
            caller = (client, new PortSet());
            _callers.Add(key, caller);
        }

        caller.Ports.Add(ports);
    }

    /// <summary>By namespace, kind and name.</summary>
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

    private static int Compare(Workload left, Workload right)
    {
        var byNamespace = string.CompareOrdinal(left.Namespace, right.Namespace);
        var byKind = byNamespace != 0 ? byNamespace : left.Kind.CompareTo(right.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(left.Name, right.Name);
    }
}
