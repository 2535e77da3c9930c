using System.Net;
using System.Net.Sockets;

namespace Wayleave.EndToEnd.Tests;

/// <summary>A TCP server that sends back what it receives.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    private EchoServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public static EchoServer Start() => new();

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
    }

    private async Task ServeAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                clients.Add(EchoAsync(await _listener.AcceptSocketAsync()));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(clients);
        }
    }

    private static async Task EchoAsync(Socket client)
    {
        using var _ = client;
        var buffer = new byte[64];
        try
        {
            for (var count = await client.ReceiveAsync(buffer); count > 0; count = await client.ReceiveAsync(buffer))
            {
                await client.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (SocketException)
        {
            // The client has reset the connection.
        }
    }
}
