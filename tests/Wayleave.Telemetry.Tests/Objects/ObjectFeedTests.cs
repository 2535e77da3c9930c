using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Telemetry.Tests.Objects;

public sealed class ObjectFeedTests
{
    private static readonly ObjectId One = new(1);
    private static readonly ObjectId Two = new(2);
    private static readonly ObjectUsage Three = new([3], [3]);

    private readonly ObjectFeed _feed;
    private int _news;

    public ObjectFeedTests() => _feed = new ObjectFeed(CountedKindCatalog.Intents, () => _news++);

    [Fact]
    public void What_is_seen_twice_is_taken_once()
    {
        _feed.Begin();
        _feed.Seen(One, Three, 11);
        _feed.Seen(One, Three, 12);

        _feed.Take().Seen.ShouldBe([KeyValuePair.Create(One, new ObjectState(Three, 11))]);
        _feed.Take().Seen.ShouldBeEmpty();
        _news.ShouldBe(1);
    }

    [Fact]
    public void A_take_tells_how_far_the_stream_has_come()
    {
        _feed.Begin();
        _feed.Seen(One, Three, 11);
        _feed.Bookmark(40);

        _feed.Take().Position.ShouldBe(40);
    }

    [Fact]
    public void What_goes_is_told_with_what_it_said_last()
    {
        _feed.Begin();
        _feed.Seen(One, Three, 11);
        _feed.Gone(One, new ObjectUsage([5], [2]), 12);

        var changes = _feed.Take();
        changes.Seen.ShouldBeEmpty();
        changes.Gone.ShouldBe([new DeletedObject(One, new ObjectUsage([5], [2]), 12)]);
    }

    [Fact]
    public void What_a_list_lacks_is_gone_as_it_was_known()
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
    public void A_list_that_is_begun_again_forgets_the_first_half()
    {
        _feed.Seen(One, Three, 11);
        _feed.OnListStarted();
        _feed.OnListed(One, Three, 11);
        _feed.OnListStarted();
        _feed.OnListCompleted(30);

        _feed.Begin().Live.ShouldBeEmpty();
    }

    [Fact]
    public void A_replica_that_takes_the_lead_finds_what_went_while_another_led()
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
    public void Deaths_beyond_what_is_remembered_are_not_promised()
    {
        for (var index = 1; index <= ObjectFeed.LongestMemory + 2; index++)
        {
            _feed.Gone(new ObjectId((ulong)index), Three, index);
        }

        var view = _feed.Begin();
        view.Deaths.Count.ShouldBe(ObjectFeed.LongestMemory);
        view.Since.ShouldBe(2);
    }

    [Fact]
    public void A_leader_loses_no_death_however_many_there_are_between_two_looks()
    {
        _feed.Begin();
        for (var index = 1; index <= ObjectFeed.LongestMemory * 2; index++)
        {
            _feed.Gone(new ObjectId((ulong)index), Three, index);
        }

        _feed.Take().Gone.Count.ShouldBe(ObjectFeed.LongestMemory * 2);
    }

    [Fact]
    public void Nothing_is_gathered_while_another_replica_leads()
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
    public void What_was_written_is_known_before_the_stream_brings_it_and_counts_once()
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
    public void What_was_written_and_is_gone_stays_gone()
    {
        _feed.Begin();
        _feed.Gone(One, Three, 30);
        _feed.OnLocalWrite(One, Three, 25);

        _feed.Take().Seen.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_written_after_the_moment_that_a_list_shows_is_not_gone()
    {
        _feed.Begin();
        _feed.OnListStarted();
        _feed.OnLocalWrite(One, Three, 31);
        _feed.OnListCompleted(30);

        _feed.Take().Gone.ShouldBeEmpty();
    }

    [Fact]
    public void A_cluster_that_was_put_back_is_believed()
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
    public async Task Feeds_tell_of_a_change_once()
    {
        var feeds = new ObjectFeedSet();
        feeds.Of(CountedKindCatalog.Intents).Seen(One, Three, 1);
        feeds.Of(CountedKindCatalog.NetworkPolicies).Seen(One, ObjectUsage.Once, 2);

        await feeds.ChangedAsync(default);
        feeds.ChangedAsync(default).IsCompleted.ShouldBeFalse();
    }
}
