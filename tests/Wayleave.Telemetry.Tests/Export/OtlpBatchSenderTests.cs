using System.Diagnostics;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Tests.Support;
using Wayleave.Testing.Otlp;
using Wayleave.Testing.Otlp.Proto;

namespace Wayleave.Telemetry.Tests.Export;

/// <summary>The requests that the sender makes.</summary>
public sealed class OtlpBatchSenderTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly LedgerBatch _batch = Sample.Batch();
    private OtlpCollector _collector = null!;

    public async Task InitializeAsync() => _collector = await OtlpCollector.StartAsync();

    public async Task DisposeAsync() => await _collector.DisposeAsync();

    [Fact]
    public async Task Sends_a_batch_as_one_POST_of_gzipped_protobuf()
    {
        var counts = UsageCountMap.None.Add(Sample.Key(UsageCatalog.Started), 1).Add(Sample.Key(UsageCatalog.IntentsDeleted), 2);
        (await SendAsync(Sample.Batch(new UsageDelta(counts, UsageDelta.None.Current)))).IsAcknowledged.ShouldBeTrue();

        var request = _collector.Requests.ShouldHaveSingleItem();
        request.Method.ShouldBe("POST");
        request.Target.ShouldBe("/v1/logs");
        request.Headers["Content-Type"].ShouldBe("application/x-protobuf");
        request.Headers["Content-Encoding"].ShouldBe("gzip");
        request.Records.Select(record => record.EventType).ShouldBe(["STARTED", "INTENTS_DELETED"]);
    }

    [Fact]
    public async Task Sends_the_attributes_of_a_record_unchanged_and_adds_none()
    {
        await SendAsync();

        var record = _collector.Records.ShouldHaveSingleItem();
        var nanoseconds = (ulong)Sample.Time.ToUnixTimeMilliseconds() * 1_000_000;
        record.EventName.ShouldBe("wayleave.intents.applied");
        record.Raw.TimeUnixNano.ShouldBe(nanoseconds);
        record.Raw.ObservedTimeUnixNano.ShouldBe(nanoseconds);
        record.Raw.SeverityNumber.ShouldBe(9);
        record.Raw.Flags.ShouldBe(0u);
        record.Scope.ShouldBe("wayleave.telemetry");
        record.Attributes.ShouldBe(
            _batch.Records[0].Attributes.ToDictionary(entry => entry.Attribute.Key, entry => entry.Value.Raw), ignoreOrder: true);
    }

    [Fact]
    public async Task The_body_of_a_record_is_the_name_of_its_event()
    {
        await SendAsync();

        var body = _collector.Records.ShouldHaveSingleItem().Raw.Body;
        body.ValueCase.ShouldBe(AnyValue.ValueOneofCase.StringValue);
        body.StringValue.ShouldBe("wayleave.intents.applied");
    }

    [Fact]
    public async Task The_resource_has_only_the_attributes_of_the_service()
    {
        await SendAsync();

        _collector.Records[0].Resource.ShouldBe(
            new Dictionary<string, object>
            {
                ["service.name"] = "wayleave-operator",
                ["service.namespace"] = "wayleave",
                ["service.version"] = "0.1.0",
            },
            ignoreOrder: true);
    }

    [Fact]
    public async Task Sends_only_the_headers_that_HTTP_and_OTLP_need()
    {
        await SendAsync();

        _collector.Requests[0].Headers.Keys.ShouldBe(
            ["Host", "User-Agent", "Content-Type", "Content-Encoding", "Content-Length"], ignoreOrder: true);
    }

    [Fact]
    public async Task Sends_the_API_key_as_x_api_key()
    {
        await SendAsync(key: ApiKey.CreateOrNull("s3cret+/="));

        _collector.Requests[0].Headers["x-api-key"].ShouldBe("s3cret+/=");
    }

    [Fact]
    public async Task A_later_retry_sends_the_same_bytes()
    {
        _collector.AnswerNext(OtlpAnswer.Status(503));
        (await SendAsync()).IsAcknowledged.ShouldBeFalse();
        _time.Advance(TimeSpan.FromHours(1));
        (await SendAsync()).IsAcknowledged.ShouldBeTrue();

        _collector.Requests.Count.ShouldBe(2);
        _collector.Requests[1].Body.ShouldBe(_collector.Requests[0].Body);
    }

    [Fact]
    public async Task A_reused_sender_sends_each_batch_in_one_request_and_retries_it_unchanged()
    {
        await using var sender = Sender();
        var batches = Enumerable.Range(1, 60).Select(number => BatchOf((number * 7 % 41) + 1)).ToList();
        foreach (var batch in batches)
        {
            _collector.AnswerNext(OtlpAnswer.Status(503));
            (await sender.SendAsync(batch, default)).IsAcknowledged.ShouldBeFalse();
            (await sender.SendAsync(batch, default)).IsAcknowledged.ShouldBeTrue();
        }

        _collector.Requests.Count.ShouldBe(2 * batches.Count);
        foreach (var (batch, requests) in batches.Zip(_collector.Requests.Chunk(2)))
        {
            requests[1].Body.ShouldBe(requests[0].Body);
            requests[1].Records.Select(record => record.EventId).ShouldBe(EventIds(batch));
        }
    }

    [Fact]
    public async Task Sends_a_batch_of_600_records_in_one_request()
    {
        await using var sender = Sender();
        await sender.SendAsync(_batch, default);
        var large = BatchOf(600);

        (await sender.SendAsync(large, default)).IsAcknowledged.ShouldBeTrue();

        _collector.Requests.Count.ShouldBe(2);
        _collector.Requests[1].Records.Select(record => record.EventId).ShouldBe(EventIds(large));
    }

    [Fact]
    public async Task A_canceled_attempt_adds_no_records_to_the_next_request()
    {
        await using var sender = Sender();
        _collector.AnswerNext(OtlpAnswer.Drip);
        using var cancellation = new CancellationTokenSource();
        var sending = sender.SendAsync(BatchOf(5), cancellation.Token);
        await _collector.WaitForAsync(collector => collector.Requests.Count == 1, Sample.Deadline, "the request");
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => sending.WaitAsync(Sample.Deadline));

        (await sender.SendAsync(_batch, default)).IsAcknowledged.ShouldBeTrue();

        _collector.Requests.Count.ShouldBe(2);
        _collector.Requests[1].Records.Select(record => record.EventId).ShouldBe(EventIds(_batch));
    }

    [Fact]
    public async Task An_attempt_canceled_before_it_starts_is_never_sent()
    {
        await using var sender = Sender();
        await Should.ThrowAsync<OperationCanceledException>(
            () => sender.SendAsync(BatchOf(5), new CancellationToken(canceled: true)).WaitAsync(Sample.Deadline));

        (await sender.SendAsync(_batch, default)).IsAcknowledged.ShouldBeTrue();

        _collector.Requests.ShouldHaveSingleItem().Records.Select(record => record.EventId).ShouldBe(EventIds(_batch));
    }

    [Fact]
    public async Task A_reused_sender_sends_each_batch_with_its_own_version()
    {
        await using var sender = Sender();
        await sender.SendAsync(_batch with { Version = SemanticVersion.Parse("0.0.9") }, default);
        await sender.SendAsync(_batch, default);

        _collector.Requests.Select(request => request.Records[0].Resource["service.version"]).ShouldBe(["0.0.9", "0.1.0"]);
    }

    [Fact]
    public async Task Sends_the_same_bytes_after_weeks_without_a_request()
    {
        await using var sender = Sender();
        await sender.SendAsync(_batch, default);
        _time.Advance(TimeSpan.FromDays(25));
        await sender.SendAsync(_batch, default);

        _collector.Requests.Count.ShouldBe(2);
        _collector.Requests[1].Body.ShouldBe(_collector.Requests[0].Body);
    }

    [Fact]
    public async Task Opens_a_connection_for_each_request()
    {
        await using var sender = Sender();
        await sender.SendAsync(_batch, default);
        await sender.SendAsync(_batch, default);

        _collector.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task Does_not_send_the_trace_context_of_the_current_activity()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        using var activity = source.StartActivity("reconcile").ShouldNotBeNull();

        await SendAsync();

        _collector.Requests[0].Headers.Keys.ShouldNotContain("traceparent");
        _collector.Records[0].Raw.TraceId.IsEmpty.ShouldBeTrue();
        _collector.Records[0].Raw.SpanId.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "/v1/logs")]
    [InlineData("/", "/v1/logs")]
    [InlineData("/otlp", "/otlp/v1/logs")]
    [InlineData("/otlp/", "/otlp/v1/logs")]
    [InlineData("/otlp/v1/logs", "/otlp/v1/logs")]
    [InlineData("/otlp?tenant=7", "/otlp/v1/logs?tenant=7")]
    public async Task Appends_the_path_of_the_logs_signal_to_the_endpoint_once(string path, string target)
    {
        var endpoint = new Uri(_collector.Endpoint.GetLeftPart(UriPartial.Authority) + path);

        await Sample.Sender(endpoint, _time).SendAsync(_batch, default);

        _collector.Requests[0].Target.ShouldBe(target);
    }

    [Fact]
    public async Task Sends_the_version_of_the_program_that_created_the_batch() =>
        await SendAsync(_batch with { Version = SemanticVersion.Parse("0.0.9") })
            .ContinueWith(_ => _collector.Records[0].Resource["service.version"].ShouldBe("0.0.9"), TaskScheduler.Default);

    private static LedgerBatch BatchOf(int records) =>
        Sample.Batch() with { Records = [.. Enumerable.Range(0, records).SelectMany(_ => Sample.Batch().Records)] };

    private static IEnumerable<string> EventIds(LedgerBatch batch) =>
        batch.Records.Select(record => record.Attributes.Single(entry => entry.Attribute.Key == "event.id").Value.Raw.ToString()!);

    private OtlpBatchSender Sender(ApiKey? key = null) => Sample.Sender(_collector.Endpoint, _time, key);

    private Task<SendResult> SendAsync(LedgerBatch? batch = null, ApiKey? key = null) =>
        Sender(key).SendAsync(batch ?? _batch, CancellationToken.None);
}
