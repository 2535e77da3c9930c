using System.Net.Sockets;

namespace Wayleave.Testing.ControlPlane;

/// <summary>One client of a <see cref="TcpProxy"/> and its connection to the target.</summary>
/// <param name="swallowing">Called for every piece of data. True drops it.</param>
internal sealed class ProxyConnection(Socket client, Func<bool> swallowing) : IDisposable
{
    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Whether data was dropped. All later data is dropped too, because the receiver could not interpret it.</summary>
    private volatile bool _torn;

    /// <summary>Runs until both sides have ended. Never throws for network errors.</summary>
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

    /// <summary>Sends a TCP reset to both sides.</summary>
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

    /// <param name="data">Empty at the end of the data of <paramref name="from"/>.</param>
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
