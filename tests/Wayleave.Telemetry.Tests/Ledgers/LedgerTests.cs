using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Ledgers;

public sealed class LedgerTests
{
    private readonly Ledger _ledger = Ledger.New();

    [Fact]
    public void Merges_pending_counts_of_the_same_event()
    {
        var ledger = _ledger
            .Count(Sample.Delta(UsageCatalog.IntentsApplied, 3))
            .Count(Sample.Delta(UsageCatalog.IntentsApplied, 4));

        ledger.Pending.Counts.InOrder().ShouldHaveSingleItem().Value.ShouldBe(7);
    }

    [Fact]
    public void Keeps_a_cumulative_total_after_its_batch_is_acknowledged()
    {
        var ledger = _ledger.Count(Sample.Delta(UsageCatalog.IntentsDeleted, 3))
            .CreateBatch(Sample.Resource, Sample.Time).Acknowledge(Sample.Time);

        ledger.Count(Sample.Delta(UsageCatalog.IntentsDeleted, 2)).Totals["INTENTS_DELETED"].ShouldBe(5);
    }

    [Fact]
    public void Keeps_the_latest_value_of_a_current_total()
    {
        var ledger = _ledger
            .Count(Sample.Delta(UsageCatalog.IntentsApplied, 3, total: 9))
            .Count(Sample.Delta(UsageCatalog.IntentsApplied, 1, total: 4));

        ledger.Totals["INTENTS_APPLIED"].ShouldBe(4);
    }

    [Fact]
    public void Counting_nothing_changes_nothing() => _ledger.Count(UsageDelta.None).ShouldBeSameAs(_ledger);

    [Fact]
    public void Setting_the_same_total_again_changes_nothing()
    {
        var said = _ledger.Count(new UsageDelta(UsageDelta.None.Counts, UsageDelta.None.Current.SetItem("INTENTS_APPLIED", 4)));

        said.Count(new UsageDelta(UsageDelta.None.Counts, UsageDelta.None.Current.SetItem("INTENTS_APPLIED", 4))).ShouldBeSameAs(said);
    }

    [Fact]
    public void Freezing_moves_pending_counts_into_a_numbered_batch()
    {
        var ledger = _ledger.Count(Sample.Delta(UsageCatalog.IntentsApplied, 3)).CreateBatch(Sample.Resource, Sample.Time);

        ledger.Pending.Counts.IsEmpty.ShouldBeTrue();
        ledger.InFlight!.Sequence.ShouldBe(1);
        ledger.Sequence.ShouldBe(1);
        ledger.InFlight.Records.ShouldHaveSingleItem().Time.ShouldBe(Sample.Time);
    }

    [Fact]
    public void Freezing_requires_pending_counts_and_no_batch_in_flight()
    {
        Should.Throw<InvalidOperationException>(() => _ledger.CreateBatch(Sample.Resource, Sample.Time));
        var frozen = _ledger.Count(Sample.Delta(UsageCatalog.Started, 1)).CreateBatch(Sample.Resource, Sample.Time);
        var more = frozen.Count(Sample.Delta(UsageCatalog.Started, 1));
        Should.Throw<InvalidOperationException>(() => more.CreateBatch(Sample.Resource, Sample.Time));
    }

    [Fact]
    public void Acknowledging_keeps_the_batch_exactly_as_it_was_sent()
    {
        var frozen = _ledger.Count(Sample.Delta(UsageCatalog.IntentsApplied, 3)).CreateBatch(Sample.Resource, Sample.Time);
        var acknowledged = frozen.Acknowledge(Sample.Time.AddSeconds(1));

        acknowledged.InFlight.ShouldBeNull();
        acknowledged.Acknowledged!.Batch.ShouldBeSameAs(frozen.InFlight);
        acknowledged.Acknowledged.At.ShouldBe(Sample.Time.AddSeconds(1));
        acknowledged.Acknowledge(Sample.Time).ShouldBeSameAs(acknowledged);
    }
}
