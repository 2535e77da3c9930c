namespace Wayleave.Testing.Semantics;

/// <summary>The protocols that a NetworkPolicy can tell apart.</summary>
public static class Protocols
{
    /// <summary>What a port means that names no protocol.</summary>
    public const string Tcp = "TCP";

    public const string Udp = "UDP";

    public const string Sctp = "SCTP";
}
