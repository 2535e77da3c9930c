using System.Net.Sockets;

namespace Wayleave.Testing.ControlPlane;

/// <summary>One client of a <see cref="TcpProxy"/> and its connection to the target.</summary>
/// <param name="swallowing">Asked for every piece of data: whether it is to vanish.</param>
internal sealed class ProxyConnection(Socket client, Func<bool> swallowing) : IDisposable
{
    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Something has vanished: what would follow it makes no sense to the receiver, so it vanishes too.</summary>
    private volatile bool _torn;

    /// <summary>Returns when both sides have ended; never throws for what happens on the network.</summary>
    public async Task RunAsync(string host, int port, CancellationToken cancellationToken)
    {
        client.NoDelay = true;
        _server.NoDelay = true;
        _torn = swallowing();
        try
        {
            if (_torn)
            {
                await PumpAsync(client, _server);
            }
            else
            {
                await _server.ConnectAsync(host, port, cancellationToken);
                await Task.WhenAll(PumpAsync(client, _server), PumpAsync(_server, client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The target refuses, or the connection has been cut.
        }
    }

    /// <summary>Both sides get a TCP reset.</summary>
    public void Reset()
    {
        client.Close(0);
        _server.Close(0);
    }

    public void Dispose() => Reset();

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int count;
            do
            {
                count = await from.ReceiveAsync(buffer);
                await PassAsync(buffer.AsMemory(0, count), from, to);
            }
            while (count > 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Reset();
        }
    }

    /// <param name="data">Empty at the end of what <paramref name="from"/> sends.</param>
    private async Task PassAsync(ReadOnlyMemory<byte> data, Socket from, Socket to)
    {
        _torn |= swallowing();
        if (_torn)
        {
            if (data.IsEmpty && from == client)
            {
                Reset();
            }

            return;
        }

        if (data.IsEmpty)
        {
            to.Shutdown(SocketShutdown.Send);
        }

        while (!data.IsEmpty)
        {
            data = data[await to.SendAsync(data)..];
        }
    }
}
