using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Telemetry.Tests.Objects;

public sealed class ObjectTrackerTests
{
    private static readonly ObjectId One = new(1);
    private static readonly ObjectId Two = new(2);
    private static readonly ObjectUsage Three = new([3], [3]);

    private readonly ObjectTracker _tracker;
    private int _changes;

    public ObjectTrackerTests() => _tracker = new ObjectTracker(CountedKindCatalog.Intents, () => _changes++);

    [Fact]
    public void Reports_an_unchanged_object_only_once()
    {
        _tracker.StartCounting();
        _tracker.OnUpdated(One, Three, 11);
        _tracker.OnUpdated(One, Three, 12);

        _tracker.TakeChanges().Updated.ShouldBe([KeyValuePair.Create(One, new ObjectState(Three, 11))]);
        _tracker.TakeChanges().Updated.ShouldBeEmpty();
        _changes.ShouldBe(1);
    }

    [Fact]
    public void Take_returns_the_position_of_the_last_bookmark()
    {
        _tracker.StartCounting();
        _tracker.OnUpdated(One, Three, 11);
        _tracker.OnBookmark(40);

        _tracker.TakeChanges().Position.ShouldBe(40);
    }

    [Fact]
    public void Reports_a_deleted_object_with_its_last_usage()
    {
        _tracker.StartCounting();
        _tracker.OnUpdated(One, Three, 11);
        _tracker.OnDeleted(One, new ObjectUsage([5], [2]), 12);

        var changes = _tracker.TakeChanges();
        changes.Updated.ShouldBeEmpty();
        changes.Deleted.ShouldBe([new DeletedObject(One, new ObjectUsage([5], [2]), 12)]);
    }

    [Fact]
    public void Reports_an_object_missing_from_a_list_as_deleted_with_its_known_usage()
    {
        _tracker.OnUpdated(One, Three, 11);
        _tracker.OnUpdated(Two, Three, 12);
        _tracker.StartCounting();
        _tracker.OnListStarted();
        _tracker.OnListed(Two, Three, 12);
        _tracker.OnListCompleted(30);

        var changes = _tracker.TakeChanges();
        changes.Deleted.ShouldBe([new DeletedObject(One, Three, 30)]);
        changes.IsListed.ShouldBeTrue();
        _tracker.TakeChanges().IsListed.ShouldBeFalse();
    }

    [Fact]
    public void A_restarted_list_discards_the_objects_of_the_unfinished_list()
    {
        _tracker.OnUpdated(One, Three, 11);
        _tracker.OnListStarted();
        _tracker.OnListed(One, Three, 11);
        _tracker.OnListStarted();
        _tracker.OnListCompleted(30);

        _tracker.StartCounting().Live.ShouldBeEmpty();
    }

    [Fact]
    public void A_new_leader_sees_deletions_from_before_its_term()
    {
        _tracker.OnListStarted();
        _tracker.OnListed(One, Three, 5);
        _tracker.OnListCompleted(10);
        _tracker.OnDeleted(One, Three, 11);

        var view = _tracker.StartCounting();
        (view.Since, view.Position).ShouldBe((10, 11));
        view.Deleted.ShouldBe([new DeletedObject(One, Three, 11)]);
        _tracker.TakeChanges().Deleted.ShouldBeEmpty();
    }

    [Fact]
    public void Keeps_the_latest_deletions_up_to_the_limit_and_reports_since_when()
    {
        for (var index = 1; index <= ObjectTracker.MaxDeleted + 2; index++)
        {
            _tracker.OnDeleted(new ObjectId((ulong)index), Three, index);
        }

        var view = _tracker.StartCounting();
        view.Deleted.Count.ShouldBe(ObjectTracker.MaxDeleted);
        view.Since.ShouldBe(2);
    }

    [Fact]
    public void A_leader_receives_every_deletion_even_above_the_history_limit()
    {
        _tracker.StartCounting();
        for (var index = 1; index <= ObjectTracker.MaxDeleted * 2; index++)
        {
            _tracker.OnDeleted(new ObjectId((ulong)index), Three, index);
        }

        _tracker.TakeChanges().Deleted.Count.ShouldBe(ObjectTracker.MaxDeleted * 2);
    }

    [Fact]
    public void Collects_no_changes_while_another_replica_leads()
    {
        _tracker.StartCounting();
        _tracker.StopCounting();
        _tracker.OnUpdated(One, Three, 11);
        _tracker.OnDeleted(Two, Three, 12);

        var changes = _tracker.TakeChanges();
        (changes.Updated.Count, changes.Deleted.Count).ShouldBe((0, 0));
        _tracker.StartCounting().Live.Keys.ShouldBe([One]);
    }

    [Fact]
    public void Reports_a_local_write_before_the_watch_delivers_it_and_only_once()
    {
        _tracker.StartCounting();
        _tracker.OnUpdated(One, Three, 11);
        _tracker.OnLocalWrite(One, new ObjectUsage([5], [2]), 20);
        _tracker.OnLocalWrite(Two, Three, 21);
        _tracker.OnUpdated(One, new ObjectUsage([4], [4]), 15);
        _tracker.OnUpdated(One, new ObjectUsage([5], [2]), 20);

        var changes = _tracker.TakeChanges();
        changes.Updated.ShouldBe([KeyValuePair.Create(One, new ObjectState(new ObjectUsage([5], [2]), 20)), KeyValuePair.Create(Two, new ObjectState(Three, 21))]);
        changes.Position.ShouldBe(20);
    }

    [Fact]
    public void Ignores_a_local_write_older_than_the_deletion_of_its_object()
    {
        _tracker.StartCounting();
        _tracker.OnDeleted(One, Three, 30);
        _tracker.OnLocalWrite(One, Three, 25);

        _tracker.TakeChanges().Updated.ShouldBeEmpty();
    }

    [Fact]
    public void Keeps_an_object_written_after_the_position_of_a_list()
    {
        _tracker.StartCounting();
        _tracker.OnListStarted();
        _tracker.OnLocalWrite(One, Three, 31);
        _tracker.OnListCompleted(30);

        _tracker.TakeChanges().Deleted.ShouldBeEmpty();
    }

    [Fact]
    public void Accepts_older_state_from_a_restored_cluster()
    {
        _tracker.OnUpdated(One, new ObjectUsage([5], [5]), 100);
        _tracker.OnUpdated(Two, Three, 110);
        _tracker.StartCounting();
        _tracker.OnListStarted();
        _tracker.OnListed(One, Three, 50);
        _tracker.OnListCompleted(60);

        var view = _tracker.StartCounting();
        view.Live.ShouldBe([KeyValuePair.Create(One, new ObjectState(Three, 50))]);
        view.Position.ShouldBe(60);
    }

    [Fact]
    public async Task Changes_in_several_feeds_complete_ChangedAsync_once()
    {
        var trackers = new ObjectTrackerSet();
        trackers.Get(CountedKindCatalog.Intents).OnUpdated(One, Three, 1);
        trackers.Get(CountedKindCatalog.NetworkPolicies).OnUpdated(One, ObjectUsage.Once, 2);

        await trackers.WaitForChangesAsync(default);
        trackers.WaitForChangesAsync(default).IsCompleted.ShouldBeFalse();
    }
}
