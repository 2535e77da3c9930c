using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Objects;

/// <summary>Tests each rule by itself; <see cref="Exactness.ExactnessTests"/> tests them together.</summary>
public sealed class LedgerUpdaterTests
{
    private static readonly CountedKind Kind = CountedKindCatalog.Intents;
    private static readonly ObjectId One = new(1);
    private static readonly ObjectId Two = new(2);

    [Fact]
    public void Counts_the_growth_of_the_applied_usage_and_totals_the_current_usage()
    {
        var ledger = See(See(Ledger.Create(), One, Usage(3, now: 3), 1), One, Usage(5, now: 2), 2);

        Counted(ledger, "INTENTS_APPLIED").ShouldBe(5);
        ledger.Totals["INTENTS_APPLIED"].ShouldBe(2);
    }

    [Fact]
    public void Counts_intents_by_type_in_addition_to_all_intents()
    {
        var ledger = See(Ledger.Create(), One, new ObjectUsage([4, 1, 0, 0, 2], [4, 1, 0, 0, 2]), 1);

        (Counted(ledger, "INTENTS_APPLIED"), Counted(ledger, "INTENTS_APPLIED_KAFKA"), Counted(ledger, "INTENTS_APPLIED_INTERNET")).ShouldBe((4, 1, 2));
        Counted(ledger, "INTENTS_APPLIED_HTTP").ShouldBe(0);
        ledger.Totals.ShouldNotContainKey("INTENTS_APPLIED_HTTP");
    }

    [Fact]
    public void Counts_a_deletion_by_the_last_usage_of_the_object()
    {
        var ledger = Delete(See(Ledger.Create(), One, Usage(3, now: 3), 1), One, Usage(5, now: 2), 2);

        (Counted(ledger, "INTENTS_APPLIED"), Counted(ledger, "INTENTS_DELETED")).ShouldBe((5, 2));
        (ledger.Totals["INTENTS_APPLIED"], ledger.Totals["INTENTS_DELETED"]).ShouldBe((0, 2));
        ledger.ObjectCount.ShouldBe(0);
    }

    [Fact]
    public void Counts_nothing_for_an_object_that_was_never_applied()
    {
        var ledger = Delete(See(Ledger.Create(), One, ObjectUsage.None, 1), One, ObjectUsage.None, 2);

        ledger.Pending.Counts.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Counts_the_deletion_of_an_object_that_was_applied_before_telemetry()
    {
        var there = new ObjectUsage([], [3]);
        var ledger = See(Ledger.Create(), One, there, 1);
        (Counted(ledger, "INTENTS_APPLIED"), ledger.Totals["INTENTS_APPLIED"]).ShouldBe((0, 3));

        Counted(Delete(ledger, One, there, 2), "INTENTS_DELETED").ShouldBe(3);
    }

    [Fact]
    public void Counts_further_growth_after_the_applied_usage_was_reset()
    {
        var ledger = See(See(See(Ledger.Create(), One, Usage(5, now: 5), 1), One, new ObjectUsage([], [5]), 2), One, Usage(2, now: 2), 3);

        Counted(ledger, "INTENTS_APPLIED").ShouldBe(7);
    }

    [Fact]
    public void Ignores_changes_at_or_before_the_position_of_the_ledger()
    {
        var ledger = See(Ledger.Create(), One, Usage(3, now: 3), 10);

        See(ledger, Two, Usage(9, now: 9), 10).ShouldBeSameAs(ledger);
        Delete(ledger, Two, Usage(9, now: 9), 9).ShouldBeSameAs(ledger);
    }

    [Fact]
    public void Counts_a_missed_deletion_by_the_registered_usage()
    {
        var ledger = See(Ledger.Create(), One, Usage(3, now: 2), 10);
        var view = new ObjectSnapshot(new Dictionary<ObjectId, ObjectState>(), [], Since: 50, Position: 50);

        Counted(LedgerUpdater.CatchUp(ledger, Kind, view, []), "INTENTS_DELETED").ShouldBe(2);
    }

    [Fact]
    public void Counts_no_deletions_from_a_snapshot_older_than_the_ledger()
    {
        var ledger = See(Ledger.Create(), One, Usage(3, now: 2), 10);
        var view = new ObjectSnapshot(new Dictionary<ObjectId, ObjectState>(), [], Since: 5, Position: 9);

        var caughtUp = LedgerUpdater.CatchUp(ledger, Kind, view, []);
        Counted(caughtUp, "INTENTS_DELETED").ShouldBe(0);
        caughtUp.Objects[Kind].Position.ShouldBe(10);
    }

    [Fact]
    public void Counts_deletions_from_the_history_and_the_snapshot_once()
    {
        var ledger = See(Ledger.Create(), One, Usage(3, now: 3), 10);
        var missed = new DeletedObject(One, Usage(5, now: 2), 20);
        var listed = new DeletedObject(One, Usage(3, now: 3), 30);
        var unseen = new DeletedObject(Two, Usage(4, now: 4), 40);
        var view = new ObjectSnapshot(new Dictionary<ObjectId, ObjectState>(), [listed, unseen], Since: 30, Position: 40);

        var caughtUp = LedgerUpdater.CatchUp(ledger, Kind, view, [missed]);
        (Counted(caughtUp, "INTENTS_APPLIED"), Counted(caughtUp, "INTENTS_DELETED")).ShouldBe((9, 6));
    }

    [Fact]
    public void Adopt_registers_live_objects_without_counting_them()
    {
        var live = new Dictionary<ObjectId, ObjectState> { [One] = new(Usage(7, now: 3), 5) };
        var ledger = LedgerUpdater.SetBaseline(Ledger.Create(), Kind, new ObjectSnapshot(live, [], 10, 10));

        ledger.Pending.Counts.IsEmpty.ShouldBeTrue();
        ledger.Totals["INTENTS_APPLIED"].ShouldBe(3);
        Counted(Delete(ledger, One, Usage(7, now: 3), 11), "INTENTS_DELETED").ShouldBe(3);
    }

    [Fact]
    public void CatchUp_corrects_a_total_that_was_edited_in_the_ledger()
    {
        var ledger = See(Ledger.Create(), One, Usage(3, now: 3), 10);
        ledger = ledger with { Totals = ledger.Totals.SetItem("INTENTS_APPLIED", 77) };
        var live = new Dictionary<ObjectId, ObjectState> { [One] = new(Usage(3, now: 3), 5) };

        LedgerUpdater.CatchUp(ledger, Kind, new ObjectSnapshot(live, [], 10, 10), []).Totals["INTENTS_APPLIED"].ShouldBe(3);
    }

    [Fact]
    public void Counts_objects_above_the_limit_of_the_ledger_when_they_are_deleted()
    {
        var seen = Enumerable.Range(1, LedgerUpdater.MaximumObjects + 5)
            .Select(id => KeyValuePair.Create(new ObjectId((ulong)id), new ObjectState(Usage(1, now: 1), 1))).ToList();
        var ledger = LedgerUpdater.Count(Ledger.Create(), Kind, new ObjectChanges(seen, [], 1, IsListed: false));
        (ledger.ObjectCount, Counted(ledger, "INTENTS_APPLIED")).ShouldBe((LedgerUpdater.MaximumObjects, (long)LedgerUpdater.MaximumObjects));

        ledger = Delete(ledger, seen[^1].Key, Usage(1, now: 1), 2);
        (Counted(ledger, "INTENTS_APPLIED"), Counted(ledger, "INTENTS_DELETED")).ShouldBe((LedgerUpdater.MaximumObjects + 1, 1));
    }

    [Fact]
    public void Counts_no_deletion_of_a_kind_whose_deletions_are_not_counted()
    {
        var seen = new ObjectUsage([4, 3, 0, 1, 1], [0, 0, 0, 0, 1]);
        var ledger = See(Ledger.Create(), One, seen, 1, CountedKindCatalog.ObservedIntents);
        (ledger.Totals["INTENTS_DISCOVERED"], ledger.Totals["SERVICE_DISCOVERED"]).ShouldBe((4, 1));

        ledger = Delete(ledger, One, seen, 2, CountedKindCatalog.ObservedIntents);

        (Counted(ledger, "INTENTS_DISCOVERED"), Counted(ledger, "INTENTS_DISCOVERED_TCP"), Counted(ledger, "INTENTS_DISCOVERED_CAPTURE")).ShouldBe((4, 3, 1));
        (ledger.Totals["INTENTS_DISCOVERED"], ledger.Totals["SERVICE_DISCOVERED"]).ShouldBe((4, 0));
        ledger.ObjectCount.ShouldBe(0);
    }

    [Fact]
    public void Counts_what_is_there_again_after_its_deletion_once_more()
    {
        var kind = CountedKindCatalog.ObservedNamespaces;
        var ledger = See(Ledger.Create(), One, ObjectUsage.Once, 1, kind);
        var again = new ObjectChanges([KeyValuePair.Create(One, new ObjectState(ObjectUsage.Once, 3))], [new DeletedObject(One, ObjectUsage.Once, 2)], 3, IsListed: false);

        ledger = LedgerUpdater.Count(ledger, kind, again);

        (Counted(ledger, "NAMESPACE_DISCOVERED"), ledger.Totals["NAMESPACE_DISCOVERED"], ledger.ObjectCount).ShouldBe((2, 1, 1));
    }

    private static ObjectUsage Usage(long applied, long now) => new([applied], [now]);

    private static Ledger See(Ledger ledger, ObjectId id, ObjectUsage usage, long position, CountedKind? kind = null) =>
        LedgerUpdater.Count(ledger, kind ?? Kind, new ObjectChanges([KeyValuePair.Create(id, new ObjectState(usage, position))], [], position, IsListed: false));

    private static Ledger Delete(Ledger ledger, ObjectId id, ObjectUsage usage, long position, CountedKind? kind = null) =>
        LedgerUpdater.Count(ledger, kind ?? Kind, new ObjectChanges([], [new DeletedObject(id, usage, position)], position, IsListed: false));

    private static long Counted(Ledger ledger, string type) => ledger.Pending.Counts[Sample.Key(UsageCatalog.Find(type)!)];
}
