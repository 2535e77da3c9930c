using Wayleave.Settings;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Sessions;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Tests.Support;
using Wayleave.Testing.Otlp;

namespace Wayleave.Telemetry.Tests.Sessions;

/// <summary>A session across restarts, changes of leader, and failures of what it depends on.</summary>
public sealed class TelemetrySessionLifecycleTests : CollectorTest
{
    private TelemetrySession Session => Installation.Session;

    [Fact]
    public async Task A_canceled_stop_keeps_unacknowledged_counts_for_the_next_start()
    {
        Collector.Otherwise = OtlpAnswer.Hang;
        await Session.StartAsync(default);
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        using var grace = new CancellationTokenSource();
        var stopping = Session.StopAsync(grace.Token);
        await Collector.WaitForAsync(collector => collector.Requests.Count == 1, Sample.Deadline, "the last flush");
        await grace.CancelAsync();
        await stopping.WaitAsync(Sample.Deadline);
        Collector.Otherwise = OtlpAnswer.Accept;

        await using var restarted = Restart();
        await restarted.Session.StartAsync(default);
        await restarted.Session.StopAsync(default);

        Collector.Requests[1].Body.ShouldBe(Collector.Requests[0].Body);
        Collector.Records.Select(record => (record.EventType, record.Count))
            .ShouldBe([("STARTED", 1), ("INTENTS_APPLIED", 3), ("STARTED", 1)]);
    }

    [Fact]
    public async Task Counts_STARTED_once_when_a_process_leads_twice()
    {
        await Session.StartAsync(default);
        await Session.StopAsync(default);
        await Session.StartAsync(default);
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await PassAsync(Installation, collector => collector.Records.Count == 2, "the first flush");
        await Session.StopAsync(default);

        Collector.Records.Select(record => record.EventType).ShouldBe(["STARTED", "INTENTS_APPLIED"]);
    }

    [Fact]
    public async Task Sends_counts_once_after_a_stop_that_could_not_write_the_ledger()
    {
        Installation.Counter.Add(UsageCatalog.IntentsDeleted, 1);
        await Installation.FlushAsync();
        Installation.Store.SavesFail = true;
        await Session.StartAsync(default);
        Installation.Counter.Add(UsageCatalog.IntentsDeleted, 5);
        await Session.StopAsync(default);
        Installation.Store.SavesFail = false;
        await Session.StartAsync(default);
        await Session.StopAsync(default);

        Collector.Records.Where(record => record.EventType == "INTENTS_DELETED").Sum(record => record.Count).ShouldBe(6);
        Installation.Store.Read()!.Totals["INTENTS_DELETED"].ShouldBe(6);
    }

    [Fact]
    public async Task Continues_from_the_ledger_of_another_leader_when_leading_again()
    {
        await Session.StartAsync(default);
        await Session.StopAsync(default);
        await using (var other = Restart())
        {
            await other.Session.StartAsync(default);
            other.Counter.Add(UsageCatalog.IntentsDeleted, 5);
            await other.Session.StopAsync(default);
        }

        await Session.StartAsync(default);
        Installation.Counter.Add(UsageCatalog.IntentsDeleted, 2);
        await Session.StopAsync(default);

        Collector.Records.Where(record => record.EventType == "INTENTS_DELETED").Select(record => record.Attributes["total"])
            .ShouldBe([5L, 7L]);
        Installation.Store.Read()!.Sequence.ShouldBe(3);
    }

    [Fact]
    public async Task Starts_while_the_store_and_the_cluster_id_fail_and_sends_when_they_recover()
    {
        Installation.Store.LoadsFail = true;
        Installation.ContextIdSource.Fails = true;
        await Session.StartAsync(default);
        await Session.FlushAsync(default);
        Collector.Connections.ShouldBe(0);

        Installation.Store.LoadsFail = false;
        Installation.ContextIdSource.Fails = false;
        await PassAsync(Installation, collector => collector.Records.Count == 1, "STARTED");

        Collector.Records[0].Attributes["context.id"].ShouldBe(FakeContextIdSource.Cluster.Value);
    }

    [Fact]
    public async Task Keeps_counts_in_the_ledger_and_does_not_connect_without_an_endpoint()
    {
        await using var installation = new Installation(TelemetrySettings.Default);
        await installation.Session.StartAsync(default);
        installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await installation.Session.StopAsync(default);

        Collector.Connections.ShouldBe(0);
        installation.Store.Read()!.Pending.Counts.Sum.ShouldBe(4);
    }

    [Fact]
    public async Task Sends_counts_from_before_an_endpoint_was_set()
    {
        await using (var before = Restart(TelemetrySettings.Default))
        {
            await before.Session.StartAsync(default);
            before.Counter.Add(UsageCatalog.IntentsApplied, 3);
            await before.Session.StopAsync(default);
        }

        await Installation.FlushAsync();

        Collector.Records.Select(record => (record.EventType, record.Count)).ShouldBe([("STARTED", 1), ("INTENTS_APPLIED", 3)]);
    }

    [Fact]
    public async Task Never_logs_the_API_key_or_the_message_of_the_collector()
    {
        var settings = TelemetrySettings.Resolve(new SettingBinder(
            new Dictionary<string, string>(),
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_API_KEY"] = "s3cret",
                ["WAYLEAVE_TELEMETRY_ENDPOINT"] = Collector.Endpoint.AbsoluteUri,
                ["WAYLEAVE_TELEMETRY_DEBUG"] = "true",
            }));
        Collector.AnswerNext(OtlpAnswer.Status(401), OtlpAnswer.PartialSuccess(1));
        await using var installation = new Installation(settings);
        await installation.Session.StartAsync(default);
        await installation.Session.FlushAsync(default);
        await installation.Session.StopAsync(default);

        Collector.Requests.ShouldAllBe(request => request.Headers["x-api-key"] == "s3cret");
        installation.Log.All.ShouldNotBeEmpty();
        installation.Log.All.ShouldAllBe(line => !line.Text.Contains("s3cret", StringComparison.Ordinal));
        installation.Log.All.ShouldAllBe(line => !line.Text.Contains("some text", StringComparison.Ordinal));
    }
}
