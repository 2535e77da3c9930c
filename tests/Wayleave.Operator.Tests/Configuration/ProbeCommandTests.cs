using System.Net;
using System.Net.Sockets;
using System.Text;
using Wayleave.Operator.Configuration;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Configuration;

public sealed class ProbeCommandTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ProbeCommandTests() => _listener.Start();

    private string Url => $"http://{_listener.LocalEndpoint}/readyz";

    [Fact]
    public async Task Succeeds_when_the_operator_answers_200()
    {
        var asked = RunAsync(Url, TimeProvider.System);
        await AnswerAsync("200 OK");

        (await asked).ShouldBe(0);
        _output.ToString().ShouldBe($"{Url} is ready\n");
    }

    [Fact]
    public async Task Fails_when_the_operator_is_not_ready_within_30_seconds()
    {
        var time = new ManualTimeProvider();
        var asked = RunAsync(Url, time);
        await AnswerAsync("503 Service Unavailable");
        await Poll.UntilAsync("the delay before the next request", _ => Task.FromResult(time.Waits.Count == 2), TimeSpan.FromSeconds(30), CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(31));

        (await asked).ShouldBe(1);
        _error.ToString().ShouldContain("is not ready: 503");
    }

    [Theory]
    [InlineData("wayleave:8081")]
    [InlineData("file:///etc/hostname")]
    [InlineData("readyz")]
    public async Task Rejects_an_address_that_is_not_an_HTTP_URL(string address)
    {
        (await RunAsync(address, TimeProvider.System)).ShouldBe(2);
        _error.ToString().ShouldContain($"{address} is not a URL");
    }

    public void Dispose()
    {
        _listener.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    private Task<int> RunAsync(string address, TimeProvider time) => ProbeCommand.RunAsync(address, time, _output, _error, CancellationToken.None);

    private async Task AnswerAsync(string status)
    {
        using var client = await _listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        await stream.ReadExactlyAsync(new byte[16]);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        await stream.FlushAsync();
        client.Client.Shutdown(SocketShutdown.Send);
        while (await stream.ReadAsync(new byte[256]) > 0)
        {
        }
    }
}
