using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>A port of a pod. Ordered: numbers before names, so that equal policies are written equally.</summary>
public readonly record struct PolicyPort(string Protocol, IntOrString Port) : IComparable<PolicyPort>
{
    /// <summary>The protocol that the API server fills in; written out, so that what is read back is what was written.</summary>
    public const string Tcp = "TCP";

    public static bool operator <(PolicyPort left, PolicyPort right) => left.CompareTo(right) < 0;

    public static bool operator <=(PolicyPort left, PolicyPort right) => left.CompareTo(right) <= 0;

    public static bool operator >(PolicyPort left, PolicyPort right) => left.CompareTo(right) > 0;

    public static bool operator >=(PolicyPort left, PolicyPort right) => left.CompareTo(right) >= 0;

    public int CompareTo(PolicyPort other)
    {
        var byText = string.CompareOrdinal(Port.Text, other.Port.Text);
        var byNumber = byText != 0 ? byText : Port.Number.CompareTo(other.Port.Number);
        return byNumber != 0 ? byNumber : string.CompareOrdinal(Protocol, other.Protocol);
    }
}
