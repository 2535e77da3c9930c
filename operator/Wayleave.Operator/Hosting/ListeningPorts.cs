using System.Net;
using System.Net.Sockets;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Recording;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Operator.Hosting;

/// <summary>Checks at startup that the ports can be opened, so that the error names the flag.</summary>
internal static class ListeningPorts
{
    /// <exception cref="OptionsException">One of them cannot be opened.</exception>
    public static void Check(OperatorOptions options)
    {
        Check(Flags.MetricsPort, options.MetricsPort, options.BindAddress);
        Check(Flags.ProbePort, options.ProbePort, options.BindAddress);
        if (options.Events?.Port is { } port)
        {
            Check(EventFlags.Port, port, options.BindAddress);
        }
    }

    private static void Check(Setting flag, int port, IPAddress? address)
    {
        try
        {
            if (address is null)
            {
                OpenEverywhere(port);
            }
            else
            {
                Open(address, port);
            }
        }
        catch (SocketException error)
        {
            throw new OptionsException(error.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse =>
                    $"{flag.Option}: port {port} is in use by another program; stop it, or give another port (0 picks a free one)",
                SocketError.AccessDenied => $"{flag.Option}: port {port} needs privileges; give one above 1023 (0 picks a free one)",
                SocketError.AddressNotAvailable =>
                    $"{Flags.BindAddress.Option}: {address} is not an address of this machine; give one that is, or * for every address",
                var code =>
                    $"{flag.Option}: port {port} cannot be opened ({code}); give another port or another {Flags.BindAddress.Option}",
            });
        }
    }

    // As Kestrel does it: with IPv6 if the machine has it.
    private static void OpenEverywhere(int port)
    {
        try
        {
            Open(IPAddress.IPv6Any, port);
        }
        catch (SocketException error) when (error.SocketErrorCode != SocketError.AddressAlreadyInUse)
        {
            Open(IPAddress.Any, port);
        }
    }

    private static void Open(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (address.Equals(IPAddress.IPv6Any))
        {
            socket.DualMode = true;
        }

        socket.Bind(new IPEndPoint(address, port));
        socket.Listen();
    }
}
