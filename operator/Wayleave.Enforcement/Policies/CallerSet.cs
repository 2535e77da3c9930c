using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Policies;

/// <summary>
/// Merges declared calls into callers: the same client twice may use the ports of both, and a call to all ports takes in every other.
/// One pass over the calls and one sort. Not thread-safe.
/// </summary>
internal sealed class CallerSet
{
    private readonly Dictionary<(string, WorkloadKind, string), (Workload Client, List<PolicyPort>? Ports)> _callers = [];

    /// <summary>Lets a client in; everywhere when <paramref name="ports"/> is empty.</summary>
    public void Allow(Workload client, IReadOnlyList<PolicyPort> ports)
    {
        var key = (client.Namespace, client.Kind, client.Name);
        if (!_callers.TryGetValue(key, out var caller))
        {
            _callers.Add(key, (client, ports.Count == 0 ? null : [.. ports]));
        }
        else if (ports.Count == 0)
        {
            _callers[key] = (client, null);
        }
        else
        {
            caller.Ports?.AddRange(ports);
        }
    }

    /// <summary>By namespace, kind and name.</summary>
    public IReadOnlyList<Caller> ToOrderedList()
    {
        var callers = new Caller[_callers.Count];
        var next = 0;
        foreach (var (client, ports) in _callers.Values)
        {
            callers[next++] = new Caller(client, Ordered(ports));
        }

        Array.Sort(callers, static (left, right) => Compare(left.Client, right.Client));
        return callers;
    }

    private static List<PolicyPort> Ordered(List<PolicyPort>? ports)
    {
        if (ports is null)
        {
            return [];
        }

        ports.Sort();
        var kept = 1;
        for (var i = 1; i < ports.Count; i++)
        {
            if (ports[i] != ports[kept - 1])
            {
                ports[kept++] = ports[i];
            }
        }

        ports.RemoveRange(kept, ports.Count - kept);
        return ports;
    }

    private static int Compare(Workload left, Workload right)
    {
        var byNamespace = string.CompareOrdinal(left.Namespace, right.Namespace);
        var byKind = byNamespace != 0 ? byNamespace : left.Kind.CompareTo(right.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(left.Name, right.Name);
    }
}
