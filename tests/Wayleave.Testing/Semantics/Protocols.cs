namespace Wayleave.Testing.Semantics;

/// <summary>The protocols of a NetworkPolicy.</summary>
public static class Protocols
{
    /// <summary>The default protocol of a port.</summary>
    public const string Tcp = "TCP";

    public const string Udp = "UDP";

    public const string Sctp = "SCTP";
}
