using Google.Protobuf;
using Wayleave.Ingest.V1;
using Wayleave.Sensor.Reporting;
using Wayleave.Sensor.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Sensor.Tests.Reporting;

public sealed class MapperClientTests : IAsyncLifetime
{
    private FakeMapper _mapper = null!;

    public async Task InitializeAsync() => _mapper = await FakeMapper.StartAsync();

    public async Task DisposeAsync() => await _mapper.DisposeAsync();

    [Fact]
    public async Task Sends_a_batch_with_the_token_over_HTTP_2()
    {
        using var client = Client();
        var result = await SendAsync(client, sequence: 7);
        result.ShouldBeOfType<SendResult.Accepted>().Ack.Sequence.ShouldBe(7ul);
        _mapper.Requests.ShouldBe(["HTTP/2 POST /v1/batches Bearer first application/x-protobuf gzip"]);
    }

    [Fact]
    public async Task Reads_the_token_again_for_each_batch()
    {
        using var client = Client();
        await SendAsync(client);
        await File.WriteAllTextAsync(_mapper.TokenFile, "second");
        await SendAsync(client);
        _mapper.Requests.Select(request => request.Split(' ')[4]).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task Trusts_only_the_authorities_of_the_file_and_reads_them_again_when_they_change()
    {
        var authority = await File.ReadAllTextAsync(_mapper.CaFile);
        using var others = new TestCertificates();
        using var client = Client();
        await File.WriteAllTextAsync(_mapper.CaFile, others.Authority.ExportCertificatePem());
        (await SendAsync(client)).ShouldBeOfType<SendResult.Failed>();
        await File.WriteAllTextAsync(_mapper.CaFile, others.Authority.ExportCertificatePem() + "\n" + authority);
        (await SendAsync(client)).ShouldBeOfType<SendResult.Accepted>();
        await File.WriteAllTextAsync(_mapper.CaFile, "no certificate");
        (await SendAsync(client)).ShouldBeOfType<SendResult.Failed>();
        _mapper.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(400, typeof(SendResult.Rejected))]
    [InlineData(413, typeof(SendResult.Rejected))]
    [InlineData(426, typeof(SendResult.Rejected))]
    [InlineData(401, typeof(SendResult.Failed))]
    [InlineData(500, typeof(SendResult.Failed))]
    [InlineData(302, typeof(SendResult.Failed))]
    public async Task Tells_apart_what_is_rejected_and_what_is_sent_again(int status, Type expected)
    {
        _mapper.Answer = (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        using var client = Client();
        (await SendAsync(client)).ShouldBeOfType(expected);
        _mapper.Requests.Count.ShouldBe(1, "redirects are not followed");
    }

    [Fact]
    public async Task Reads_how_long_to_wait_from_the_header_or_the_answer()
    {
        using var client = Client();
        _mapper.Answer = (context, _) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "17";
            return Task.CompletedTask;
        };
        (await SendAsync(client)).ShouldBeOfType<SendResult.Failed>().Wait.ShouldBe(TimeSpan.FromSeconds(17));
        _mapper.Answer = (context, _) => FakeMapper.WriteAsync(context, new Ack { WaitMs = 2500 }, 503);
        (await SendAsync(client)).ShouldBeOfType<SendResult.Failed>().Wait.ShouldBe(TimeSpan.FromMilliseconds(2500));
    }

    [Fact]
    public async Task Survives_an_answer_that_is_no_Ack_or_too_large()
    {
        using var client = Client();
        _mapper.Answer = (context, _) => context.Response.Body.WriteAsync(new byte[] { 0xff, 0xff, 0xff }).AsTask();
        (await SendAsync(client)).ShouldBeOfType<SendResult.Failed>();
        _mapper.Answer = (context, _) => context.Response.Body.WriteAsync(new byte[1 << 20]).AsTask();
        (await SendAsync(client)).ShouldBeOfType<SendResult.Failed>();
    }

    [Fact]
    public async Task Fails_without_a_token_and_without_a_mapper()
    {
        using var withoutToken = new MapperClient(_mapper.Address, "/nowhere/token", _mapper.CaFile);
        (await SendAsync(withoutToken)).ShouldBeOfType<SendResult.Failed>();
        using var withoutMapper = new MapperClient(new Uri("https://nowhere.invalid:8443"), _mapper.TokenFile, _mapper.CaFile);
        (await SendAsync(withoutMapper)).ShouldBeOfType<SendResult.Failed>();
        _mapper.Requests.ShouldBeEmpty();
    }

    private static async Task<SendResult> SendAsync(MapperClient client, ulong sequence = 1)
    {
        using var memory = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(memory, System.IO.Compression.CompressionMode.Compress))
        {
            new Batch { Sequence = sequence }.WriteTo(gzip);
        }

        return await client.SendAsync(memory.ToArray(), CancellationToken.None);
    }

    private MapperClient Client() => new(new Uri($"https://localhost:{_mapper.Address.Port}"), _mapper.TokenFile, _mapper.CaFile);
}
