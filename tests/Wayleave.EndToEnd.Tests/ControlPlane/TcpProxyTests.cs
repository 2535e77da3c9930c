using System.Net;
using System.Net.Sockets;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests;

/// <summary>Tests the proxy with a server that sends back what it receives.</summary>
public sealed class TcpProxyTests : IAsyncLifetime
{
    private readonly EchoServer _server = EchoServer.Start();
    private readonly TcpProxy _proxy;

    public TcpProxyTests() => _proxy = TcpProxy.Start(_server.Address);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Forwards_data_in_both_directions()
    {
        using var client = await ConnectAsync();

        (await EchoAsync(client, 42)).ShouldBe(42);
        _proxy.ConnectionCount.ShouldBe(1);
    }

    [Fact]
    public async Task Closing_one_direction_keeps_the_other_open()
    {
        using var client = await ConnectAsync();
        await client.SendAsync(new byte[] { 7 });

        client.Shutdown(SocketShutdown.Send);

        var answer = new byte[2];
        (await client.ReceiveAsync(answer)).ShouldBe(1);
        (await client.ReceiveAsync(answer)).ShouldBe(0);
    }

    [Fact]
    public async Task Cutting_resets_open_connections_and_accepts_new_ones()
    {
        using var client = await ConnectAsync();
        await EchoAsync(client, 1);

        _proxy.CutAll();

        var failure = await Should.ThrowAsync<SocketException>(() => client.ReceiveAsync(new byte[1]));
        failure.SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        using var next = await ConnectAsync();
        (await EchoAsync(next, 2)).ShouldBe(2);
    }

    [Fact]
    public async Task Refusing_keeps_open_connections_and_the_port()
    {
        using var client = await ConnectAsync();
        await EchoAsync(client, 1);

        _proxy.Refuse();

        var failure = await Should.ThrowAsync<SocketException>(ConnectAsync);
        failure.SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
        (await EchoAsync(client, 2)).ShouldBe(2);
        _proxy.Accept();
        using var next = await ConnectAsync();
        (await EchoAsync(next, 3)).ShouldBe(3);
    }

    [Fact]
    public async Task A_black_hole_accepts_connections_and_never_answers()
    {
        using var before = await ConnectAsync();
        await EchoAsync(before, 1);

        _proxy.Blackhole();
        using var during = await ConnectAsync();

        await ShouldBeSilentAsync(before);
        await ShouldBeSilentAsync(during);
        _proxy.Accept();
        using var after = await ConnectAsync();
        (await EchoAsync(after, 2)).ShouldBe(2);
        await ShouldBeSilentAsync(before);
    }

    private static async Task ShouldBeSilentAsync(Socket client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Should.ThrowAsync<OperationCanceledException>(() => EchoAsync(client, 9, patience.Token));
    }

    private static async Task<int> EchoAsync(Socket client, byte value, CancellationToken cancellationToken = default)
    {
        byte[] data = [value];
        await client.SendAsync(data, cancellationToken);
        data[0] = 0;
        return await client.ReceiveAsync(data, cancellationToken) == 1 ? data[0] : -1;
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port);
        return client;
    }
}
