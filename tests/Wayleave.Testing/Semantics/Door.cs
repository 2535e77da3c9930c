using System.Globalization;

namespace Wayleave.Testing.Semantics;

/// <summary>The port of a connection: a protocol and a number.</summary>
public readonly record struct Door(string Protocol, int Port)
{
    public static Door Tcp(int port) => new(Protocols.Tcp, port);

    public static Door Udp(int port) => new(Protocols.Udp, port);

    public static Door Sctp(int port) => new(Protocols.Sctp, port);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Port}/{Protocol}");
}
