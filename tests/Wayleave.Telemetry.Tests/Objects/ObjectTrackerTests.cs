using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Telemetry.Tests.Objects;

public sealed class ObjectTrackerTests
{
    private static readonly ObjectId One = new(1);
    private static readonly ObjectId Two = new(2);
    private static readonly ObjectUsage Three = new([3], [3]);

    private readonly ObjectTracker _feed;
    private int _changes;

    public ObjectTrackerTests() => _feed = new ObjectTracker(CountedKindCatalog.Intents, () => _changes++);

    [Fact]
    public void Reports_an_unchanged_object_only_once()
    {
        _feed.Begin();
        _feed.Seen(One, Three, 11);
        _feed.Seen(One, Three, 12);

        _feed.Take().Seen.ShouldBe([KeyValuePair.Create(One, new ObjectState(Three, 11))]);
        _feed.Take().Seen.ShouldBeEmpty();
        _changes.ShouldBe(1);
    }

    [Fact]
    public void Take_returns_the_position_of_the_last_bookmark()
    {
        _feed.Begin();
        _feed.Seen(One, Three, 11);
        _feed.Bookmark(40);

        _feed.Take().Position.ShouldBe(40);
    }

    [Fact]
    public void Reports_a_deleted_object_with_its_last_usage()
    {
        _feed.Begin();
        _feed.Seen(One, Three, 11);
        _feed.Gone(One, new ObjectUsage([5], [2]), 12);

        var changes = _feed.Take();
        changes.Seen.ShouldBeEmpty();
        changes.Gone.ShouldBe([new DeletedObject(One, new ObjectUsage([5], [2]), 12)]);
    }

    [Fact]
    public void Reports_an_object_missing_from_a_list_as_deleted_with_its_known_usage()
    {
        _feed.Seen(One, Three, 11);
        _feed.Seen(Two, Three, 12);
        _feed.Begin();
        _feed.OnListStarted();
        _feed.OnListed(Two, Three, 12);
        _feed.OnListCompleted(30);

        var changes = _feed.Take();
        changes.Gone.ShouldBe([new DeletedObject(One, Three, 30)]);
        changes.IsListed.ShouldBeTrue();
        _feed.Take().IsListed.ShouldBeFalse();
    }

    [Fact]
    public void A_restarted_list_discards_the_objects_of_the_unfinished_list()
    {
        _feed.Seen(One, Three, 11);
        _feed.OnListStarted();
        _feed.OnListed(One, Three, 11);
        _feed.OnListStarted();
        _feed.OnListCompleted(30);

        _feed.Begin().Live.ShouldBeEmpty();
    }

    [Fact]
    public void A_new_leader_sees_deletions_from_before_its_term()
    {
        _feed.OnListStarted();
        _feed.OnListed(One, Three, 5);
        _feed.OnListCompleted(10);
        _feed.Gone(One, Three, 11);

        var view = _feed.Begin();
        (view.Since, view.Position).ShouldBe((10, 11));
        view.Deaths.ShouldBe([new DeletedObject(One, Three, 11)]);
        _feed.Take().Gone.ShouldBeEmpty();
    }

    [Fact]
    public void Keeps_the_latest_deletions_up_to_the_limit_and_reports_since_when()
    {
        for (var index = 1; index <= ObjectTracker.LongestMemory + 2; index++)
        {
            _feed.Gone(new ObjectId((ulong)index), Three, index);
        }

        var view = _feed.Begin();
        view.Deaths.Count.ShouldBe(ObjectTracker.LongestMemory);
        view.Since.ShouldBe(2);
    }

    [Fact]
    public void A_leader_receives_every_deletion_even_above_the_history_limit()
    {
        _feed.Begin();
        for (var index = 1; index <= ObjectTracker.LongestMemory * 2; index++)
        {
            _feed.Gone(new ObjectId((ulong)index), Three, index);
        }

        _feed.Take().Gone.Count.ShouldBe(ObjectTracker.LongestMemory * 2);
    }

    [Fact]
    public void Collects_no_changes_while_another_replica_leads()
    {
        _feed.Begin();
        _feed.End();
        _feed.Seen(One, Three, 11);
        _feed.Gone(Two, Three, 12);

        var changes = _feed.Take();
        (changes.Seen.Count, changes.Gone.Count).ShouldBe((0, 0));
        _feed.Begin().Live.Keys.ShouldBe([One]);
    }

    [Fact]
    public void Reports_a_local_write_before_the_watch_delivers_it_and_only_once()
    {
        _feed.Begin();
        _feed.Seen(One, Three, 11);
        _feed.OnLocalWrite(One, new ObjectUsage([5], [2]), 20);
        _feed.OnLocalWrite(Two, Three, 21);
        _feed.Seen(One, new ObjectUsage([4], [4]), 15);
        _feed.Seen(One, new ObjectUsage([5], [2]), 20);

        var changes = _feed.Take();
        changes.Seen.ShouldBe([KeyValuePair.Create(One, new ObjectState(new ObjectUsage([5], [2]), 20)), KeyValuePair.Create(Two, new ObjectState(Three, 21))]);
        changes.Position.ShouldBe(20);
    }

    [Fact]
    public void Ignores_a_local_write_older_than_the_deletion_of_its_object()
    {
        _feed.Begin();
        _feed.Gone(One, Three, 30);
        _feed.OnLocalWrite(One, Three, 25);

        _feed.Take().Seen.ShouldBeEmpty();
    }

    [Fact]
    public void Keeps_an_object_written_after_the_position_of_a_list()
    {
        _feed.Begin();
        _feed.OnListStarted();
        _feed.OnLocalWrite(One, Three, 31);
        _feed.OnListCompleted(30);

        _feed.Take().Gone.ShouldBeEmpty();
    }

    [Fact]
    public void Accepts_older_state_from_a_restored_cluster()
    {
        _feed.Seen(One, new ObjectUsage([5], [5]), 100);
        _feed.Seen(Two, Three, 110);
        _feed.Begin();
        _feed.OnListStarted();
        _feed.OnListed(One, Three, 50);
        _feed.OnListCompleted(60);

        var view = _feed.Begin();
        view.Live.ShouldBe([KeyValuePair.Create(One, new ObjectState(Three, 50))]);
        view.Position.ShouldBe(60);
    }

    [Fact]
    public async Task Changes_in_several_feeds_complete_ChangedAsync_once()
    {
        var feeds = new ObjectTrackerSet();
        feeds.Of(CountedKindCatalog.Intents).Seen(One, Three, 1);
        feeds.Of(CountedKindCatalog.NetworkPolicies).Seen(One, ObjectUsage.Once, 2);

        await feeds.ChangedAsync(default);
        feeds.ChangedAsync(default).IsCompleted.ShouldBeFalse();
    }
}
