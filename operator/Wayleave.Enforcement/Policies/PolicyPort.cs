using k8s.Models;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>A port, or a range of ports, of a Pod. Ordered, numbers before names, so that equal policies are written equally.</summary>
/// <param name="Protocol">TCP, UDP or SCTP.</param>
/// <param name="Port">The port by number or name, or the first of a range.</param>
/// <param name="EndPort">The last port of a range; null for a single port.</param>
public readonly record struct PolicyPort(string Protocol, PortNumberOrName Port, int? EndPort = null) : IComparable<PolicyPort>
{
    /// <summary>The protocol that the API server fills in; written out, so that what is read back is what was written.</summary>
    public const string Tcp = "TCP";

    /// <summary>A port of a policy as the API server has it.</summary>
    public static PolicyPort Of(V1NetworkPolicyPort port)
    {
        ArgumentNullException.ThrowIfNull(port);
        return new PolicyPort(port.Protocol ?? Tcp, port.Port, port.EndPort);
    }

    public static bool operator <(PolicyPort left, PolicyPort right) => left.CompareTo(right) < 0;

    public static bool operator <=(PolicyPort left, PolicyPort right) => left.CompareTo(right) <= 0;

    public static bool operator >(PolicyPort left, PolicyPort right) => left.CompareTo(right) > 0;

    public static bool operator >=(PolicyPort left, PolicyPort right) => left.CompareTo(right) >= 0;

    /// <summary>Whether every connection that <paramref name="other"/> matches is matched by this too. Names include only themselves.</summary>
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
