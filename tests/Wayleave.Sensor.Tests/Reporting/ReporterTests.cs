using System.IO.Compression;
using Google.Protobuf;
using Wayleave.Ingest.V1;
using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Dns;
using Wayleave.Sensor.Flows;
using Wayleave.Sensor.Nodes;
using Wayleave.Sensor.Reporting;
using Wayleave.Sensor.Tests.Support;
using Wayleave.Testing.Time;

namespace Wayleave.Sensor.Tests.Reporting;

public sealed class ReporterTests : IMapperClient, IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();
    private readonly FlowTable _flows = new();
    private readonly NameTable _names = new();
    private readonly Caller _caller = new(Guid.Parse("11111111-38b5-4d7d-9a4b-2f3c4d5e6f70"), isHostNetwork: false) { Addresses = [Address.Parse("10.0.0.5")] };
    private readonly FakeLogger<Reporter> _log = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<byte[]> _sent = [];
    private readonly Reporter _reporter;
    private Losses _losses = new();
    private int _resyncs;
    private Task _run = Task.CompletedTask;
    private Func<SendResult> _answer = () => new SendResult.Accepted(new Ack());

    public ReporterTests()
    {
        var builder = new BatchBuilder(_flows, _names, TakeLosses, "0.1.0", _time);
        _reporter = new Reporter(builder, this, MarkAllDue, _interval, _time, _log);
    }

    // Apart from the context of xunit, so that the clock runs what it wakes.
    public async Task InitializeAsync() => _run = await Task.Factory.StartNew(
        () => _reporter.RunAsync(_stopping.Token), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default);

    public async Task DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _run;
    }

    public void Dispose() => _stopping.Dispose();

    Task<SendResult> IMapperClient.SendAsync(byte[] body, CancellationToken cancellationToken)
    {
        _sent.Add(body);
        return Task.FromResult(_answer());
    }

    [Fact]
    public async Task Reports_flows_names_and_callers()
    {
        Record(80, Outcome.Connected);
        _names.Record(_caller, "api.example.com", [Address.Parse("192.0.2.1")], 60, 5);
        await AdvanceAsync(_interval);
        var batch = Read(_sent.Single());
        (batch.Schema, batch.Component, batch.Version, batch.Instance.Length, batch.Sequence).ShouldBe((1u, Component.Sensor, "0.1.0", 16, 1ul));
        batch.Endpoints.Single().PodUid.ToByteArray().ShouldBe(Convert.FromHexString("1111111138b54d7d9a4b2f3c4d5e6f70"));
        batch.Endpoints.Single().Addresses.Single().ToByteArray().ShouldBe([10, 0, 0, 5]);
        var flow = batch.Flows.Single();
        (flow.Client, flow.CalledPort, flow.Connected, flow.BackendAddress.Length, flow.Source).ShouldBe((batch.Endpoints[0].Id, 80u, 1u, 0, Source.Tcp));
        (batch.Answers.Single().Name, batch.Answers.Single().Client).ShouldBe(("api.example.com", batch.Endpoints[0].Id));
    }

    [Fact]
    public async Task Sends_nothing_when_there_is_nothing_new_but_a_sign_of_life_each_minute()
    {
        await AdvanceAsync(_interval);
        _sent.Count.ShouldBe(1);
        await AdvanceAsync(_interval * 5);
        _sent.Count.ShouldBe(1);
        await AdvanceAsync(_interval);
        _sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Sends_the_same_bytes_until_they_are_acknowledged_and_merges_meanwhile()
    {
        _answer = () => new SendResult.Failed("away", Wait: null);
        Record(80, Outcome.Connected);
        await AdvanceAsync(_interval);
        Record(80, Outcome.Unanswered);
        Record(80, Outcome.Unanswered);
        await AdvanceAsync(TimeSpan.FromMinutes(10));
        _sent.Count.ShouldBeInRange(8, 30, "it backs off to a minute, less half for jitter");
        _sent.ShouldAllBe(body => body == _sent[0]);
        _log.Count.ShouldBe(1, "one line for each change of reachability");

        _answer = () => new SendResult.Accepted(new Ack());
        await AdvanceAsync(TimeSpan.FromMinutes(1) + _interval);
        _log.Count.ShouldBe(2);
        var batch = Read(_sent[^1]);
        (batch.Sequence, batch.Flows.Single().Unanswered, batch.Flows.Single().Connected).ShouldBe((2ul, 2u, 0u));
    }

    [Fact]
    public async Task Reports_a_new_name_two_seconds_after_the_last_report_and_waits_while_the_mapper_is_away()
    {
        await AdvanceAsync(_interval);
        _sent.Count.ShouldBe(1);
        _names.Record(_caller, "api.example.com", [Address.Parse("192.0.2.1")], 60, 5);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        _sent.Count.ShouldBe(1);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        Read(_sent[1]).Answers.Single().Name.ShouldBe("api.example.com");

        await AdvanceAsync(TimeSpan.FromSeconds(5));
        _names.Record(_caller, "api.example.com", [Address.Parse("192.0.2.2")], 60, 5);
        _answer = () => new SendResult.Failed("away", TimeSpan.FromSeconds(30));
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        _sent.Count.ShouldBe(3);
        _names.Record(_caller, "pay.example.com", [Address.Parse("192.0.2.3")], 60, 5);
        await AdvanceAsync(TimeSpan.FromSeconds(29));
        _sent.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Waits_as_long_as_the_mapper_asks_for()
    {
        _answer = () => new SendResult.Failed("status 429", TimeSpan.FromSeconds(45));
        await AdvanceAsync(_interval);
        await AdvanceAsync(TimeSpan.FromSeconds(44));
        _sent.Count.ShouldBe(1);
        _answer = () => new SendResult.Accepted(new Ack { WaitMs = 30_000 });
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        _sent.Count.ShouldBe(2);
        Record(80, Outcome.Connected);
        await AdvanceAsync(TimeSpan.FromSeconds(29));
        _sent.Count.ShouldBe(2);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        _sent.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Drops_a_batch_that_the_mapper_rejects_and_logs_it_once()
    {
        _answer = () => new SendResult.Rejected("status 400");
        Record(80, Outcome.Connected);
        await AdvanceAsync(_interval);
        Record(81, Outcome.Connected);
        await AdvanceAsync(_interval);
        _reporter.Rejected.ShouldBe(2);
        _log.Count.ShouldBe(1);
        Read(_sent[1]).Flows.Single().CalledPort.ShouldBe(81u);
    }

    [Fact]
    public async Task Reports_everything_again_when_the_mapper_asks_at_most_every_five_minutes()
    {
        Record(80, Outcome.Connected);
        _answer = () => new SendResult.Accepted(new Ack { Resync = true });
        await AdvanceAsync(_interval);
        await AdvanceAsync(_interval);
        var repeated = Read(_sent[1]);
        repeated.Flows.Single().Connected.ShouldBe(1u, "the mapper has to know how it ended");
        await AdvanceAsync(TimeSpan.FromMinutes(4));
        _resyncs.ShouldBe(1);
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        _resyncs.ShouldBe(2);
    }

    [Fact]
    public async Task Reports_everything_again_to_each_map_that_is_not_the_one_before()
    {
        Record(80, Outcome.Connected);
        foreach (var (term, resyncs) in new[] { ("a", 0), ("a", 0), ("b", 1), ("b", 1), ("a", 2), ("c", 3) })
        {
            _answer = () => new SendResult.Accepted(new Ack { Term = ByteString.CopyFromUtf8(term), Resync = true });
            Record(81 + _sent.Count, Outcome.Connected);
            await AdvanceAsync(_interval);
            _resyncs.ShouldBe(resyncs);
        }
    }

    [Fact]
    public async Task Reports_everything_again_to_the_first_map_that_has_a_term()
    {
        Record(80, Outcome.Connected);
        await AdvanceAsync(_interval);
        _answer = () => new SendResult.Accepted(new Ack { Term = ByteString.CopyFromUtf8("a") });
        Record(81, Outcome.Connected);
        await AdvanceAsync(_interval);
        _resyncs.ShouldBe(1);
    }

    [Fact]
    public async Task Sends_more_than_one_batch_holds_in_several()
    {
        for (var port = 1; port <= BatchBuilder.MaxFlows + 10; port++)
        {
            Record(port, Outcome.Connected);
        }

        await AdvanceAsync(_interval + TimeSpan.FromSeconds(1));
        _sent.Select(body => Read(body).Flows.Count).ShouldBe([BatchBuilder.MaxFlows, 10]);
    }

    [Fact]
    public async Task Reports_losses()
    {
        _losses = new Losses { KernelDrops = 3, Unparsed = 4 };
        _flows.CountMerged();
        await AdvanceAsync(_interval);
        Read(_sent.Single()).Losses.ShouldBe(new Losses { KernelDrops = 3, Merged = 1, Unparsed = 4 });
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Read(_sent[1]).Losses.ShouldBeNull();
    }

    [Fact]
    public async Task Sends_what_is_left_at_the_end()
    {
        await _stopping.CancelAsync();
        Record(80, Outcome.Connected);
        await _reporter.ReportLastAsync();
        Read(_sent.Single()).Flows.Count.ShouldBe(1);
    }

    private Task AdvanceAsync(TimeSpan by) => Task.Run(() => _time.Advance(by));

    private static Batch Read(byte[] body)
    {
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        return Batch.Parser.ParseFrom(gzip);
    }

    private void Record(int port, Outcome outcome) => _flows.Record(
        new FlowKey(_caller, new Destination(Address.Parse("10.96.0.10"), (ushort)port), default, Source.Tcp), outcome, _time.GetUtcNow().ToUnixTimeMilliseconds());

    private Losses TakeLosses() => Interlocked.Exchange(ref _losses, new Losses());

    private void MarkAllDue()
    {
        _resyncs++;
        _flows.MarkAllDue();
        _names.MarkAllDue();
    }
}
