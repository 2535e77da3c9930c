using System.Net;
using System.Net.Sockets;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Tests.Support;
using Wayleave.Testing.Otlp;

namespace Wayleave.Telemetry.Tests.Export;

/// <summary>The outcome of each kind of response from the collector.</summary>
public sealed class SendResultTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly LedgerBatch _batch = Sample.Batch();
    private OtlpCollector _collector = null!;

    public async Task InitializeAsync() => _collector = await OtlpCollector.StartAsync();

    public async Task DisposeAsync() => await _collector.DisposeAsync();

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_error_status_is_a_failure_after_one_request(int status)
    {
        _collector.Otherwise = OtlpAnswer.Status(status);

        var outcome = await SendAsync();

        outcome.IsAcknowledged.ShouldBeFalse();
        outcome.Reason.ShouldBe($"HTTP {status}");
        outcome.IsNotRetryable.ShouldBe(status is >= 400 and < 500 and not 429);
        _collector.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Returns_the_Retry_After_of_the_collector()
    {
        _collector.Otherwise = OtlpAnswer.Status(429, TimeSpan.FromMinutes(2));

        (await SendAsync()).RetryAfter.ShouldBe(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Does_not_follow_a_redirect()
    {
        await using var elsewhere = await OtlpCollector.StartAsync();
        _collector.Otherwise = OtlpAnswer.Redirect(new Uri(elsewhere.Endpoint, "/v1/logs"));

        var outcome = await SendAsync(key: ApiKey.CreateOrNull("s3cret"));

        outcome.IsAcknowledged.ShouldBeFalse();
        outcome.Reason.ShouldBe("redirect");
        outcome.IsNotRetryable.ShouldBeTrue();
        elsewhere.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task A_partial_success_is_an_acknowledgment_with_rejected_records()
    {
        _collector.Otherwise = OtlpAnswer.PartialSuccess(1);

        var outcome = await SendAsync();

        outcome.IsAcknowledged.ShouldBeTrue();
        outcome.Rejected.ShouldBe(1);
    }

    [Theory]
    [InlineData(200, "application/x-protobuf")]
    [InlineData(200, "application/x-protobuf; charset=utf-8")]
    [InlineData(200, "Application/X-Protobuf")]
    [InlineData(200, "application/protobuf")]
    [InlineData(200, null)]
    [InlineData(201, null)]
    [InlineData(202, null)]
    [InlineData(204, null)]
    public async Task An_empty_body_of_the_protobuf_type_or_of_none_is_an_acknowledgment(int status, string? type)
    {
        _collector.Otherwise = OtlpAnswer.Answer(status, type, []);

        var outcome = await SendAsync();

        (outcome.IsAcknowledged, outcome.Rejected).ShouldBe((true, 0));
    }

    [Theory]
    [InlineData(200, "text/html", "<html><body>Please log in</body></html>")]
    [InlineData(200, "text/html; charset=utf-8", "")]
    [InlineData(200, "application/json", "{}")]
    [InlineData(200, "application/json", "{\"partialSuccess\":{}}")]
    [InlineData(200, "text/plain", "OK")]
    [InlineData(202, "text/plain", "")]
    [InlineData(200, "no type", "")]
    [InlineData(200, null, "<html><body>Please log in</body></html>")]
    [InlineData(200, null, "OK")]
    [InlineData(200, "application/x-protobuf", "<html><body>Please log in</body></html>")]
    public async Task A_success_status_without_an_OTLP_response_is_not_an_acknowledgment(int status, string? type, string body)
    {
        _collector.Otherwise = OtlpAnswer.Answer(status, type, System.Text.Encoding.UTF8.GetBytes(body));

        var outcome = await SendAsync();

        (outcome.IsAcknowledged, outcome.IsNotRetryable, outcome.Reason).ShouldBe((false, false, "not-otlp"));
    }

    [Theory]
    [InlineData(200, "not-otlp")]
    [InlineData(503, "HTTP 503")]
    public async Task Does_not_read_an_endless_page(int status, string reason)
    {
        _collector.Otherwise = OtlpAnswer.EndlessPage(status);
        var before = GC.GetTotalAllocatedBytes();

        var outcome = await SendAsync().WaitAsync(Sample.Deadline);

        outcome.Reason.ShouldBe(reason);
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(50_000_000);
    }

    [Fact]
    public async Task A_response_that_breaks_off_is_not_an_acknowledgment()
    {
        _collector.AnswerNext(OtlpAnswer.CloseMidBody, OtlpAnswer.Close);

        (await SendAsync()).IsAcknowledged.ShouldBeFalse();
        (await SendAsync()).IsAcknowledged.ShouldBeFalse();
    }

    [Fact]
    public async Task A_refused_connection_is_a_failure()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var unused = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}");
        free.Stop();

        var outcome = await Sample.Sender(unused, _time).SendAsync(_batch, default);

        outcome.IsAcknowledged.ShouldBeFalse();
        outcome.Reason.ShouldBe("connection");
    }

    [Fact]
    public async Task A_collector_that_hangs_fails_at_the_timeout()
    {
        _collector.Otherwise = OtlpAnswer.Hang;
        var sending = SendAsync();
        await _collector.WaitForAsync(collector => collector.Requests.Count == 1, Sample.Deadline, "the request");
        sending.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromSeconds(10));

        (await sending.WaitAsync(Sample.Deadline)).IsAcknowledged.ShouldBeFalse();
    }

    [Fact]
    public async Task A_canceled_call_ends_the_attempt()
    {
        _collector.Otherwise = OtlpAnswer.Hang;
        using var cancellation = new CancellationTokenSource();
        var sending = Sender().SendAsync(_batch, cancellation.Token);
        await _collector.WaitForAsync(collector => collector.Requests.Count == 1, Sample.Deadline, "the request");

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => sending.WaitAsync(Sample.Deadline));
    }

    private OtlpBatchSender Sender(ApiKey? key = null) => Sample.Sender(_collector.Endpoint, _time, key);

    private Task<SendResult> SendAsync(ApiKey? key = null) =>
        Sender(key).SendAsync(_batch, CancellationToken.None);
}
