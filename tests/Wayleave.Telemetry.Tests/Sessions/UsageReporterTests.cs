using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Tests.Support;
using Wayleave.Testing.Otlp;

namespace Wayleave.Telemetry.Tests.Sessions;

public sealed class UsageReporterTests : CollectorTest
{
    [Fact]
    public async Task Sends_one_record_per_event_type_and_stores_the_acknowledgment()
    {
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 2);
        Installation.Counter.Add(UsageCatalog.IntentsDeleted, 1);
        await Installation.FlushAsync();

        Collector.Requests.ShouldHaveSingleItem();
        Collector.Records.Select(record => (record.EventType, record.Count, record.Attributes.GetValueOrDefault("total")))
            .ShouldBe([("INTENTS_APPLIED", 5L, null), ("INTENTS_DELETED", 1L, 1L)]);
        var ledger = Installation.Store.Read()!;
        ledger.InFlight.ShouldBeNull();
        ledger.Pending.Counts.IsEmpty.ShouldBeTrue();
        ledger.Acknowledged!.At.ShouldBe(Installation.Time.GetUtcNow());
    }

    [Fact]
    public async Task The_ledger_shows_exactly_what_was_sent()
    {
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        Installation.Counter.CountError(ErrorComponent.Intents, typeof(IOException));
        await Installation.FlushAsync();

        var kept = Installation.Store.Read()!.Acknowledged!.Batch.Records;
        kept.Select(record => record.Attributes.ToDictionary(entry => entry.Attribute.Key, entry => entry.Value.Raw))
            .ShouldBe(Collector.Records.Select(record => record.Attributes.ToDictionary()));
    }

    [Fact]
    public async Task Sends_and_writes_nothing_when_nothing_was_counted()
    {
        Installation.Counter.Add(UsageCatalog.Started);
        await Installation.FlushAsync();
        var saves = Installation.Store.Saves;
        await Installation.FlushAsync();
        await Installation.FlushAsync();

        Collector.Requests.ShouldHaveSingleItem();
        Installation.Store.Saves.ShouldBe(saves);
    }

    [Fact]
    public async Task Event_ids_are_stored_before_they_are_sent()
    {
        Collector.Otherwise = OtlpAnswer.Hang;
        using var kill = new CancellationTokenSource();
        Installation.Counter.Add(UsageCatalog.IntentsApplied);
        var flushing = Installation.Reporter.FlushAsync(last: false, kill.Token);
        await Collector.WaitForAsync(collector => collector.Requests.Count == 1, Sample.Deadline, "the request");

        var stored = Installation.Store.Read();
        await kill.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => flushing);

        stored.ShouldNotBeNull().InFlight.ShouldNotBeNull().Records[0][UsageAttributeCatalog.EventId].ShouldNotBeNull().ToString()
            .ShouldBe(Collector.Requests[0].Records[0].EventId);
    }

    [Fact]
    public async Task Sends_nothing_until_the_ledger_can_be_written()
    {
        Installation.Store.SavesFail = true;
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await Installation.FlushAsync();

        Collector.Connections.ShouldBe(0);
        Installation.Statistics.LedgerFailures.ShouldBeGreaterThan(0);
        Installation.Store.SavesFail = false;
        await Installation.FlushAsync();
        Collector.Records.ShouldHaveSingleItem().Count.ShouldBe(3);
        Installation.Store.Read()!.Acknowledged!.Batch.Sequence.ShouldBe(1);
        Collector.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Keeps_counts_until_the_ledger_can_be_read()
    {
        Installation.Store.LoadsFail = true;
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await Installation.FlushAsync();
        Collector.Connections.ShouldBe(0);
        Installation.Store.LoadsFail = false;
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 4);
        await Installation.FlushAsync();

        Collector.Records.ShouldHaveSingleItem().Count.ShouldBe(7);
    }

    [Fact]
    public async Task Keeps_a_random_id_when_reading_the_cluster_id_is_forbidden()
    {
        Installation.ContextIdSource.Id = null;
        Installation.Counter.Add(UsageCatalog.Started);
        await Installation.FlushAsync();
        await using var restarted = Restart();
        restarted.ContextIdSource.Id = null;
        restarted.Counter.Add(UsageCatalog.Started);
        await restarted.FlushAsync();

        var ids = Collector.Records.Select(record => record.Attributes["context.id"]).ToList();
        ids.Count.ShouldBe(2);
        ids.Distinct().ShouldHaveSingleItem().ShouldBe(Installation.Store["context-id"]);
        Installation.Log.All.ShouldContain(line => line.Event == "LogForbidden");
    }

    [Fact]
    public async Task Keeps_counts_while_reading_the_cluster_id_fails()
    {
        Installation.ContextIdSource.Fails = true;
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await Installation.FlushAsync();
        Collector.Connections.ShouldBe(0);
        Installation.ContextIdSource.Fails = false;
        await Installation.FlushAsync();

        Collector.Records.ShouldHaveSingleItem().Attributes["context.id"].ShouldBe(FakeContextIdSource.Cluster.Value);
        Installation.Store["context-id"].ShouldBeNull();
        Installation.Statistics.SourceFailures.ShouldBe(1);
    }

    [Fact]
    public async Task Concurrent_flushes_send_each_count_once()
    {
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(Installation.FlushAsync)));

        Collector.Records.ShouldHaveSingleItem().Count.ShouldBe(3);
    }
}
