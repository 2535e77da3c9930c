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

    /// <summary>In order and each once; empty for every port. Adds nothing after this.</summary>
    public IReadOnlyList<PolicyPort> ToOrderedList()
    {
        if (_ports is not { Count: > 0 } ports)
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
}
