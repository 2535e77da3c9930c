using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Wayleave.Settings;

namespace Wayleave.Hosting;

/// <summary>A port that a program listens on.</summary>
/// <param name="Name">What it serves: a request to one port never reaches what another serves.</param>
/// <param name="Number">0 is any free port.</param>
/// <param name="Secure">Makes it serve HTTPS. Null for HTTP.</param>
public sealed record ListeningPort(string Name, Setting Flag, int Number, Action<ListenOptions>? Secure = null);

/// <summary>The ports that a program listens on.</summary>
/// <param name="ports">In the order of the addresses that <see cref="StartAsync"/> returns.</param>
/// <param name="addressFlag">The flag that sets the address. Null if there is none.</param>
/// <param name="address">Null for every address.</param>
public sealed class ListeningPortSet(IReadOnlyList<ListeningPort> ports, Setting? addressFlag = null, IPAddress? address = null)
{
    private const string NameItem = "wayleave.port";

    /// <summary>Whether one of them serves HTTPS.</summary>
    public bool AnySecure => ports.Any(port => port.Secure is not null);

    /// <summary>The name of the port that a request came to.</summary>
    public static string? GetName(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items[NameItem] as string;

    /// <summary>Checks that no two flags set the same port. 0 is any free port, null is none.</summary>
    /// <exception cref="OptionsException">Two do.</exception>
    public static void CheckDistinct(params IEnumerable<(Setting Flag, int? Number)> flags)
    {
        if (flags.Where(flag => flag.Number is > 0).GroupBy(flag => flag.Number).FirstOrDefault(same => same.Skip(1).Any()) is { } group)
        {
            throw new OptionsException(
                $"{group.First().Flag.Option} and {group.ElementAt(1).Flag.Option} are both {group.Key}; give each a port of its own "
                + "(0 picks a free one)");
        }
    }

    /// <summary>Checks that the ports can be opened, so that the error names the flag.</summary>
    /// <exception cref="OptionsException">One of them cannot be opened.</exception>
    public void CheckFree()
    {
        foreach (var port in ports)
        {
            try
            {
                Open(port.Number);
            }
            catch (SocketException error)
            {
                throw new OptionsException(Explain(port, error.SocketErrorCode));
            }
        }
    }

    public void Listen(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 0;
        foreach (var port in ports)
        {
            if (address is null)
            {
                kestrel.ListenAnyIP(port.Number, listen => Configure(listen, port));
            }
            else
            {
                kestrel.Listen(address, port.Number, listen => Configure(listen, port));
            }
        }
    }

    /// <summary>Starts the program.</summary>
    /// <returns>The address of each port.</returns>
    /// <exception cref="OptionsException">A port cannot be opened.</exception>
    public async Task<IReadOnlyList<string>> StartAsync(WebApplication application, CancellationToken cancellationToken)
    {
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // Another program took a port since it was checked.
            CheckFree();
            throw new OptionsException($"{string.Join(" or ", ports.Select(port => port.Flag.Option))}: {error.Message}");
        }

        return [.. application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? []];
    }

    private static void Configure(ListenOptions listen, ListeningPort port)
    {
        listen.Use(next => connection =>
        {
            connection.Items[NameItem] = port.Name;
            return next(connection);
        });
        port.Secure?.Invoke(listen);
    }

    // As Kestrel does it: with IPv6 if the machine has it.
    private void Open(int port)
    {
        try
        {
            Open(address ?? IPAddress.IPv6Any, port);
        }
        catch (SocketException error) when (address is null && error.SocketErrorCode != SocketError.AddressAlreadyInUse)
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

    private string Explain(ListeningPort port, SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse =>
            $"{port.Flag.Option}: port {port.Number} is in use by another program; stop it, or give another port (0 picks a free one)",
        SocketError.AccessDenied =>
            $"{port.Flag.Option}: port {port.Number} needs privileges; give one above 1023 (0 picks a free one)",
        SocketError.AddressNotAvailable when addressFlag is not null =>
            $"{addressFlag.Option}: {address} is not an address of this machine; give one that is, or * for every address",
        _ => $"{port.Flag.Option}: port {port.Number} cannot be opened ({error}); give another port"
            + (addressFlag is null ? "" : $" or another {addressFlag.Option}"),
    };
}
