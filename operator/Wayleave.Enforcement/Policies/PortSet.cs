using System.Runtime.InteropServices;

namespace Wayleave.Enforcement.Policies;

/// <summary>Ports that several declarations add up to; one that asks for every port takes in the others. Not thread-safe.</summary>
internal sealed class PortSet
{
    private List<PolicyPort>? _ports = [];

    /// <summary>Adds ports; an empty list is every port.</summary>
    public void Add(IReadOnlyList<PolicyPort> ports)
    {
        if (ports.Count == 0)
        {
            _ports = null;
        }
        else
        {
            _ports?.AddRange(ports);
        }
    }

    /// <summary>In order, each once and none that another includes; empty for every port. Add nothing after this.</summary>
    public IReadOnlyList<PolicyPort> ToOrderedList()
    {
        if (_ports is not { Count: > 0 } ports)
        {
            return [];
        }

        ports.Sort();
        var kept = 0;
        for (var i = 0; i < ports.Count; i++)
        {
            // Ranges that start at the same port sort behind the port.
            var next = i + 1;
            while (next < ports.Count && ports[next].Port == ports[i].Port && !ports[next].Includes(ports[i]))
            {
                next++;
            }

            var isIncluded = next < ports.Count && ports[next].Port == ports[i].Port;
            if (!isIncluded && !IsIncluded(ports[i], CollectionsMarshal.AsSpan(ports)[..kept]))
            {
                ports[kept++] = ports[i];
            }
        }

        ports.RemoveRange(kept, ports.Count - kept);
        return ports;
    }

    private static bool IsIncluded(PolicyPort port, ReadOnlySpan<PolicyPort> others)
    {
        foreach (var other in others)
        {
            if (other.Includes(port))
            {
                return true;
            }
        }

        return false;
    }
}
