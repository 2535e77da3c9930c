using System.Globalization;

namespace Wayleave.Testing.Semantics;

/// <summary>Where a connection knocks: a protocol and the number of a port.</summary>
public readonly record struct Door(string Protocol, int Port)
{
    public static Door Tcp(int port) => new(Protocols.Tcp, port);

    public static Door Udp(int port) => new(Protocols.Udp, port);

    public static Door Sctp(int port) => new(Protocols.Sctp, port);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Port}/{Protocol}");
}
