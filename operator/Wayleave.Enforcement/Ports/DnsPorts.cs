using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Ports;

/// <summary>Ports that DNS is allowed at.</summary>
public static class DnsPorts
{
    /// <summary>The ports of a policy. Without a protocol, both: DNS uses TCP for answers that are too long for UDP.</summary>
    public static IReadOnlyList<PolicyPort> Of(DeclaredPort port)
    {
        int? last = port.IsRange ? port.Last : null;
        return port.Protocol is { } protocol ? [new(protocol, port.First, last)] : [new(PolicyPort.Tcp, port.First, last), new("UDP", port.First, last)];
    }
}
