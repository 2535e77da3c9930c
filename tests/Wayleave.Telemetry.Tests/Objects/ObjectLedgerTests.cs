using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Objects;

/// <summary>Single rules; <see cref="Exactness.ExactnessTests"/> has them all together.</summary>
public sealed class ObjectLedgerTests
{
    private static readonly CountedKind Kind = CountedKindCatalog.Intents;
    private static readonly ObjectId One = new(1);
    private static readonly ObjectId Two = new(2);

    [Fact]
    public void What_is_applied_is_counted_by_as_much_as_it_grew()
    {
        var ledger = See(See(Ledger.New(), One, Usage(3, now: 3), 1), One, Usage(5, now: 2), 2);

        Counted(ledger, "INTENTS_APPLIED").ShouldBe(5);
        ledger.Totals["INTENTS_APPLIED"].ShouldBe(2);
    }

    [Fact]
    public void The_parts_are_counted_beside_the_whole()
    {
        var ledger = See(Ledger.New(), One, new ObjectUsage([4, 1, 0, 0, 2], [4, 1, 0, 0, 2]), 1);

        (Counted(ledger, "INTENTS_APPLIED"), Counted(ledger, "INTENTS_APPLIED_KAFKA"), Counted(ledger, "INTENTS_APPLIED_INTERNET")).ShouldBe((4, 1, 2));
        Counted(ledger, "INTENTS_APPLIED_HTTP").ShouldBe(0);
        ledger.Totals.ShouldNotContainKey("INTENTS_APPLIED_HTTP");
    }

    [Fact]
    public void What_goes_is_counted_by_what_there_was_of_it_in_the_end()
    {
        var ledger = Bury(See(Ledger.New(), One, Usage(3, now: 3), 1), One, Usage(5, now: 2), 2);

        (Counted(ledger, "INTENTS_APPLIED"), Counted(ledger, "INTENTS_DELETED")).ShouldBe((5, 2));
        (ledger.Totals["INTENTS_APPLIED"], ledger.Totals["INTENTS_DELETED"]).ShouldBe((0, 2));
        ledger.ObjectCount.ShouldBe(0);
    }

    [Fact]
    public void What_was_never_applied_comes_and_goes_uncounted()
    {
        var ledger = Bury(See(Ledger.New(), One, ObjectUsage.None, 1), One, ObjectUsage.None, 2);

        ledger.Pending.Counts.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void What_was_applied_before_there_was_telemetry_counts_when_it_goes()
    {
        var there = new ObjectUsage([], [3]);
        var ledger = See(Ledger.New(), One, there, 1);
        (Counted(ledger, "INTENTS_APPLIED"), ledger.Totals["INTENTS_APPLIED"]).ShouldBe((0, 3));

        Counted(Bury(ledger, One, there, 2), "INTENTS_DELETED").ShouldBe(3);
    }

    [Fact]
    public void An_object_that_says_less_than_before_starts_anew_from_there()
    {
        var ledger = See(See(See(Ledger.New(), One, Usage(5, now: 5), 1), One, new ObjectUsage([], [5]), 2), One, Usage(2, now: 2), 3);

        Counted(ledger, "INTENTS_APPLIED").ShouldBe(7);
    }

    [Fact]
    public void What_happened_before_the_ledgers_position_is_no_news()
    {
        var ledger = See(Ledger.New(), One, Usage(3, now: 3), 10);

        See(ledger, Two, Usage(9, now: 9), 10).ShouldBeSameAs(ledger);
        Bury(ledger, Two, Usage(9, now: 9), 9).ShouldBeSameAs(ledger);
    }

    [Fact]
    public void A_registered_object_of_which_nobody_knows_the_end_is_gone_as_it_was_counted()
    {
        var ledger = See(Ledger.New(), One, Usage(3, now: 2), 10);
        var view = new ObjectSnapshot(new Dictionary<ObjectId, ObjectState>(), [], Since: 50, Position: 50);

        Counted(ObjectLedger.CatchUp(ledger, Kind, view, []), "INTENTS_DELETED").ShouldBe(2);
    }

    [Fact]
    public void A_view_that_lags_behind_the_ledger_buries_nobody()
    {
        var ledger = See(Ledger.New(), One, Usage(3, now: 2), 10);
        var view = new ObjectSnapshot(new Dictionary<ObjectId, ObjectState>(), [], Since: 5, Position: 9);

        var caughtUp = ObjectLedger.CatchUp(ledger, Kind, view, []);
        Counted(caughtUp, "INTENTS_DELETED").ShouldBe(0);
        caughtUp.Objects[Kind].Position.ShouldBe(10);
    }

    [Fact]
    public void Who_went_is_known_from_the_history_and_from_the_view_and_counted_once()
    {
        var ledger = See(Ledger.New(), One, Usage(3, now: 3), 10);
        var missed = new DeletedObject(One, Usage(5, now: 2), 20);
        var listed = new DeletedObject(One, Usage(3, now: 3), 30);
        var unseen = new DeletedObject(Two, Usage(4, now: 4), 40);
        var view = new ObjectSnapshot(new Dictionary<ObjectId, ObjectState>(), [listed, unseen], Since: 30, Position: 40);

        var caughtUp = ObjectLedger.CatchUp(ledger, Kind, view, [missed]);
        (Counted(caughtUp, "INTENTS_APPLIED"), Counted(caughtUp, "INTENTS_DELETED")).ShouldBe((9, 6));
    }

    [Fact]
    public void A_lost_ledger_takes_what_is_there_as_counted()
    {
        var live = new Dictionary<ObjectId, ObjectState> { [One] = new(Usage(7, now: 3), 5) };
        var ledger = ObjectLedger.Adopt(Ledger.New(), Kind, new ObjectSnapshot(live, [], 10, 10));

        ledger.Pending.Counts.IsEmpty.ShouldBeTrue();
        ledger.Totals["INTENTS_APPLIED"].ShouldBe(3);
        Counted(Bury(ledger, One, Usage(7, now: 3), 11), "INTENTS_DELETED").ShouldBe(3);
    }

    [Fact]
    public void A_total_that_somebody_wrote_is_put_right()
    {
        var ledger = See(Ledger.New(), One, Usage(3, now: 3), 10);
        ledger = ledger with { Totals = ledger.Totals.SetItem("INTENTS_APPLIED", 77) };
        var live = new Dictionary<ObjectId, ObjectState> { [One] = new(Usage(3, now: 3), 5) };

        ObjectLedger.CatchUp(ledger, Kind, new ObjectSnapshot(live, [], 10, 10), []).Totals["INTENTS_APPLIED"].ShouldBe(3);
    }

    [Fact]
    public void Objects_beyond_the_room_of_a_ledger_are_counted_as_they_go()
    {
        var seen = Enumerable.Range(1, ObjectLedger.MaximumObjects + 5)
            .Select(id => KeyValuePair.Create(new ObjectId((ulong)id), new ObjectState(Usage(1, now: 1), 1))).ToList();
        var ledger = ObjectLedger.Count(Ledger.New(), Kind, new ObjectChanges(seen, [], 1, IsListed: false));
        (ledger.ObjectCount, Counted(ledger, "INTENTS_APPLIED")).ShouldBe((ObjectLedger.MaximumObjects, (long)ObjectLedger.MaximumObjects));

        ledger = Bury(ledger, seen[^1].Key, Usage(1, now: 1), 2);
        (Counted(ledger, "INTENTS_APPLIED"), Counted(ledger, "INTENTS_DELETED")).ShouldBe((ObjectLedger.MaximumObjects + 1, 1));
    }

    private static ObjectUsage Usage(long applied, long now) => new([applied], [now]);

    private static Ledger See(Ledger ledger, ObjectId id, ObjectUsage usage, long position) =>
        ObjectLedger.Count(ledger, Kind, new ObjectChanges([KeyValuePair.Create(id, new ObjectState(usage, position))], [], position, IsListed: false));

    private static Ledger Bury(Ledger ledger, ObjectId id, ObjectUsage usage, long position) =>
        ObjectLedger.Count(ledger, Kind, new ObjectChanges([], [new DeletedObject(id, usage, position)], position, IsListed: false));

    private static long Counted(Ledger ledger, string type) => ledger.Pending.Counts[Sample.Key(UsageCatalog.Find(type)!)];
}
