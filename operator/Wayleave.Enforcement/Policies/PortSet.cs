using k8s.Models;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>The union of the ports of several declarations. Not thread-safe.</summary>
internal sealed class PortSet
{
    private List<PolicyPort>? _ports = [];

    /// <summary>The ports of one declaration, in order and each once; empty for every port.</summary>
    public static IReadOnlyList<PolicyPort> Order(IReadOnlyList<PolicyPort> ports)
    {
        var set = new PortSet();
        set.Add(ports);
        return set.ToOrderedList();
    }

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
        if (_ports is not { Count: > 1 } ports)
        {
            return _ports ?? [];
        }

        // Wider ranges first, so that what includes a port is seen before it.
        ports.Sort(_widestFirst);
        var kept = 0;
        var ends = new Dictionary<string, int>(3, StringComparer.Ordinal);
        for (var i = 0; i < ports.Count; i++)
        {
            var isRepeated = kept > 0 && ports[i] == ports[kept - 1];
            if (!isRepeated && !IsIncluded(ports[i], ends))
            {
                ports[kept++] = ports[i];
            }
        }

        ports.RemoveRange(kept, ports.Count - kept);
        ports.Sort();
        return ports;
    }

    // Every port before starts no later, so that it includes this one if it ends no earlier.
    private static bool IsIncluded(PolicyPort port, Dictionary<string, int> ends)
    {
        if (port.Port.Text is not null)
        {
            return false;
        }

        var end = port.EndPort ?? port.Port.Number;
        if (ends.TryGetValue(port.Protocol, out var widest) && widest >= end)
        {
            return true;
        }

        ends[port.Protocol] = end;
        return false;
    }

    private static readonly Comparison<PolicyPort> _widestFirst = static (left, right) =>
    {
        var byText = string.CompareOrdinal(left.Port.Text, right.Port.Text);
        var byNumber = byText != 0 ? byText : left.Port.Number.CompareTo(right.Port.Number);
        var byEnd = byNumber != 0 ? byNumber : (right.EndPort ?? right.Port.Number).CompareTo(left.EndPort ?? left.Port.Number);
        return byEnd != 0 ? byEnd : left.CompareTo(right);
    };
}

/// <summary>A port, or a range of ports, of a Pod. Ordered, numbers before names, so that equal policies are written equally.</summary>
/// <param name="Protocol">TCP, UDP or SCTP.</param>
/// <param name="Port">The port by number or name, or the first of a range.</param>
/// <param name="EndPort">The last port of a range; null for a single port.</param>
public readonly record struct PolicyPort(string Protocol, PortNumberOrName Port, int? EndPort = null) : IComparable<PolicyPort>
{
    /// <summary>The default protocol of the API server. Always written, so that stored and desired policies are equal.</summary>
    public const string Tcp = "TCP";

    /// <summary>A port of a policy as the API server has it.</summary>
    public static PolicyPort From(V1NetworkPolicyPort port) => new(port.Protocol ?? Tcp, port.Port, port.EndPort);

    public static bool operator <(PolicyPort left, PolicyPort right) => left.CompareTo(right) < 0;

    public static bool operator <=(PolicyPort left, PolicyPort right) => left.CompareTo(right) <= 0;

    public static bool operator >(PolicyPort left, PolicyPort right) => left.CompareTo(right) > 0;

    public static bool operator >=(PolicyPort left, PolicyPort right) => left.CompareTo(right) >= 0;

    /// <summary>
    /// Whether every connection that <paramref name="other"/> matches is matched by this too. Names include only themselves.
    /// </summary>
    public bool Includes(PolicyPort other) =>
        this == other
        || (Protocol == other.Protocol && Port.Text is null && other.Port.Text is null
            && Port.Number <= other.Port.Number && (EndPort ?? Port.Number) >= (other.EndPort ?? other.Port.Number));

    public int CompareTo(PolicyPort other)
    {
        var byText = string.CompareOrdinal(Port.Text, other.Port.Text);
        var byNumber = byText != 0 ? byText : Port.Number.CompareTo(other.Port.Number);
        var byEnd = byNumber != 0 ? byNumber : (EndPort ?? Port.Number).CompareTo(other.EndPort ?? other.Port.Number);
        var byProtocol = byEnd != 0 ? byEnd : string.CompareOrdinal(Protocol, other.Protocol);
        return byProtocol != 0 ? byProtocol : EndPort.HasValue.CompareTo(other.EndPort.HasValue);
    }
}
