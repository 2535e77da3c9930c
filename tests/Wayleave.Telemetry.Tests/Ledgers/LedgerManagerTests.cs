using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Statistics;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Ledgers;

public sealed class LedgerManagerTests
{
    private readonly FakeLedgerStore _store = new();
    private readonly TelemetryStatistics _statistics = new();
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Keeps_the_instance_id_and_pending_counts_when_reopened()
    {
        var first = await OpenAsync();
        await SaveAsync(first, Sample.Delta(UsageCatalog.Started, 1));
        var second = await OpenAsync();

        second.Ledger!.InstanceId.ShouldBe(first.Ledger!.InstanceId);
        second.Ledger.Pending.Counts.Sum.ShouldBe(1);
    }

    [Fact]
    public async Task An_unchanged_ledger_is_not_written()
    {
        var ledgerManager = await OpenAsync();
        await SaveAsync(ledgerManager, Sample.Delta(UsageCatalog.Started, 1));
        await SaveAsync(ledgerManager, UsageDelta.None);
        await ledgerManager.OpenAsync(default);
        await SaveAsync(ledgerManager, UsageDelta.None);

        _store.Saves.ShouldBe(1);
    }

    [Fact]
    public async Task Counts_a_failed_load_and_loads_at_the_next_open()
    {
        var ledgerManager = CreateManager();
        _store.LoadsFail = true;
        (await ledgerManager.OpenAsync(default)).ShouldBeFalse();
        ledgerManager.Ledger.ShouldBeNull();
        _store.LoadsFail = false;
        (await ledgerManager.OpenAsync(default)).ShouldBeTrue();

        _statistics.Read().LedgerFailures.ShouldBe(1);
    }

    [Fact]
    public async Task Keeps_counts_while_the_store_cannot_be_written()
    {
        var ledgerManager = await OpenAsync();
        _store.SavesFail = true;
        await SaveAsync(ledgerManager, Sample.Delta(UsageCatalog.IntentsApplied, 3));
        await SaveAsync(ledgerManager, Sample.Delta(UsageCatalog.IntentsApplied, 4));
        _statistics.Read().LedgerFailures.ShouldBe(2);
        _store.SavesFail = false;
        await SaveAsync(ledgerManager, UsageDelta.None);

        _store.Read()!.Pending.Counts.Sum.ShouldBe(7);
    }

    [Fact]
    public async Task Logs_a_repeated_failure_every_ten_minutes()
    {
        using var log = new LogLines();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        var ledgerManager = new LedgerManager(_store, _statistics, _time, factory.CreateLogger<LedgerManager>());
        await ledgerManager.OpenAsync(default);
        _store.SavesFail = true;
        for (var minute = 0; minute <= 20; minute++)
        {
            await SaveAsync(ledgerManager, Sample.Delta(UsageCatalog.IntentsApplied, 1));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        log.All.Count.ShouldBe(3);
        _statistics.Read().LedgerFailures.ShouldBe(21);
    }

    [Fact]
    public async Task Does_not_count_a_save_twice_when_its_response_was_lost()
    {
        var ledgerManager = await OpenAsync();
        _store.NextAnswerIsLost = true;
        await SaveAsync(ledgerManager, Sample.Delta(UsageCatalog.IntentsDeleted, 3));
        await SaveAsync(ledgerManager, Sample.Delta(UsageCatalog.IntentsDeleted, 4));

        _store.Read()!.Pending.Counts.Sum.ShouldBe(7);
        _store.Read()!.Totals["INTENTS_DELETED"].ShouldBe(7);
    }

    [Fact]
    public async Task Saves_the_counts_of_a_failed_save_with_the_next_one()
    {
        var ledgerManager = await OpenAsync();
        await SaveAsync(ledgerManager, Sample.Delta(UsageCatalog.IntentsDeleted, 1));
        _store.SavesFail = true;
        await SaveAsync(ledgerManager, Sample.Delta(UsageCatalog.IntentsDeleted, 3));
        _store.SavesFail = false;
        await SaveAsync(ledgerManager, Sample.Delta(UsageCatalog.IntentsDeleted, 4));

        _store.Read()!.Pending.Counts.Sum.ShouldBe(8);
    }

    [Fact]
    public async Task Two_replicas_that_save_to_one_ledger_count_everything_once()
    {
        var first = await OpenAsync();
        await SaveAsync(first, Sample.Delta(UsageCatalog.IntentsDeleted, 1));
        var second = await OpenAsync();
        await SaveAsync(second, Sample.Delta(UsageCatalog.IntentsDeleted, 2));
        await SaveAsync(first, Sample.Delta(UsageCatalog.IntentsDeleted, 4));
        await SaveAsync(second, Sample.Delta(UsageCatalog.IntentsDeleted, 8));

        _store.Read()!.Pending.Counts.Sum.ShouldBe(15);
        _store.Read()!.Totals["INTENTS_DELETED"].ShouldBe(15);
        second.Ledger!.InstanceId.ShouldBe(first.Ledger!.InstanceId);
    }

    [Fact]
    public async Task Returns_its_batch_to_pending_when_another_leader_stored_one_first()
    {
        var old = await OpenAsync();
        await SaveAsync(old, Sample.Delta(UsageCatalog.IntentsApplied, 1));
        var leader = await OpenAsync();
        leader.Change(ledger => ledger.CreateBatch(Sample.Resource, Sample.Time));
        await leader.SaveAsync(default);

        old.Count(Sample.Delta(UsageCatalog.IntentsApplied, 2));
        old.Change(ledger => ledger.CreateBatch(Sample.Resource, Sample.Time));
        await old.SaveAsync(default);

        old.Ledger!.InFlight!.IsSameAs(leader.Ledger!.InFlight).ShouldBeTrue();
        old.Ledger.Pending.Counts.Sum.ShouldBe(2);
    }

    [Fact]
    public async Task Stores_an_acknowledgment_in_a_ledger_that_another_replica_changed()
    {
        var old = await OpenAsync();
        await SaveAsync(old, Sample.Delta(UsageCatalog.IntentsApplied, 1));
        old.Change(ledger => ledger.CreateBatch(Sample.Resource, Sample.Time));
        await old.SaveAsync(default);
        await SaveAsync(await OpenAsync(), Sample.Delta(UsageCatalog.IntentsApplied, 2));

        old.Change(ledger => ledger.Acknowledge(Sample.Time));
        await old.SaveAsync(default);

        var stored = _store.Read()!;
        stored.InFlight.ShouldBeNull();
        stored.Acknowledged!.Batch.Sequence.ShouldBe(1);
        stored.Pending.Counts.Sum.ShouldBe(2);
    }

    [Fact]
    public async Task Recreates_a_deleted_ledger_with_its_counts_and_id()
    {
        var ledgerManager = await OpenAsync();
        await SaveAsync(ledgerManager, Sample.Delta(UsageCatalog.IntentsDeleted, 1));
        _store.Delete();
        await SaveAsync(ledgerManager, Sample.Delta(UsageCatalog.IntentsDeleted, 2));

        _store.Read()!.Pending.Counts.Sum.ShouldBe(3);
        _store.Read()!.InstanceId.ShouldBe(ledgerManager.Ledger!.InstanceId);
    }

    [Fact]
    public async Task Resets_a_malformed_entry_of_the_ledger_and_counts_a_failure()
    {
        _store.Write(new Dictionary<string, string> { ["pending"] = "nonsense", ["instance-id"] = "6d1b1a34-9a53-4dd5-8b22-5b6c8a4c0f77" });
        var ledgerManager = await OpenAsync();

        ledgerManager.Ledger!.InstanceId.ShouldBe(Guid.Parse("6d1b1a34-9a53-4dd5-8b22-5b6c8a4c0f77"));
        ledgerManager.Ledger.Pending.Counts.IsEmpty.ShouldBeTrue();
        _statistics.Read().LedgerFailures.ShouldBe(1);
    }

    [Fact]
    public async Task Saves_the_counts_of_a_canceled_save_with_the_next_one()
    {
        var ledgerManager = await OpenAsync();
        ledgerManager.Count(Sample.Delta(UsageCatalog.IntentsDeleted, 3));
        await Should.ThrowAsync<OperationCanceledException>(() => ledgerManager.SaveAsync(new CancellationToken(canceled: true)));
        await SaveAsync(ledgerManager, Sample.Delta(UsageCatalog.IntentsDeleted, 4));

        _store.Read()!.Pending.Counts.Sum.ShouldBe(7);
    }

    private static async Task SaveAsync(LedgerManager ledgerManager, UsageDelta delta)
    {
        ledgerManager.Count(delta);
        await ledgerManager.SaveAsync(default);
    }

    [Fact]
    public async Task Discards_registers_from_another_cluster_and_counts_a_failure()
    {
        var register = new CountedObjects(ImmutableDictionary<ObjectId, ObjectUsage>.Empty.Add(new ObjectId(1), ObjectUsage.Once), 5000);
        var foreign = Ledger.New() with { Objects = ImmutableDictionary<CountedKind, CountedObjects>.Empty.Add(CountedKindCatalog.NetworkPolicies, register) };
        _store.Write(LedgerSerializer.Write(foreign));
        _store.Position = 40;

        var ledgerManager = await OpenAsync();

        ledgerManager.Ledger!.Objects.ShouldBeEmpty();
        ledgerManager.Ledger.InstanceId.ShouldBe(foreign.InstanceId);
        _statistics.Read().LedgerFailures.ShouldBe(1);
    }

    private async Task<LedgerManager> OpenAsync()
    {
        var ledgerManager = CreateManager();
        (await ledgerManager.OpenAsync(default)).ShouldBeTrue();
        return ledgerManager;
    }

    private LedgerManager CreateManager() => new(_store, _statistics, _time, NullLogger<LedgerManager>.Instance);
}
