using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Informers;

/// <summary>Writes of our own that the store was told of ahead of the watch.</summary>
public sealed class OwnWritesTests
{
    private readonly List<string> _told = [];

    [Fact]
    public void What_a_write_gave_back_is_trimmed_and_sifted_like_what_was_watched()
    {
        var updater = Make(new InformerOptions<V1ConfigMap>
        {
            Keep = map => map.Metadata.Name != "other",
            Trim = map => map.Data = null,
        });
        var map = Given.ConfigMap("a");
        map.Data = new Dictionary<string, string>(StringComparer.Ordinal) { ["large"] = "value" };

        updater.Store.Observe(map);
        updater.Store.Observe(Given.ConfigMap("other"));

        updater.Store.List().ShouldHaveSingleItem().Data.ShouldBeNull();
    }

    [Fact]
    public void A_write_of_our_own_is_told_to_no_handler()
    {
        var updater = Make();

        updater.Store.Observe(Given.ConfigMap("a", "2"));
        updater.Take(new(WatchEventType.Modified, Given.ConfigMap("a", "2")));

        _told.ShouldBeEmpty();
    }

    [Fact]
    public void What_a_write_gave_back_is_known_to_the_watch_once()
    {
        var updater = Make();
        updater.Store.Observe(Given.ConfigMap("a", "2"));

        updater.Store.IsKnown("1").ShouldBeFalse("somebody else's");
        updater.Store.IsKnown("2").ShouldBeTrue();
        updater.Store.IsKnown("2").ShouldBeFalse();
    }

    [Fact]
    public void What_the_watch_brought_before_the_write_gave_it_back_is_not_awaited()
    {
        var updater = Make();
        updater.Take(new(WatchEventType.Added, Given.ConfigMap("a", "2")));
        updater.Take(new(WatchEventType.Modified, Given.ConfigMap("a", "3")));

        updater.Store.Observe(Given.ConfigMap("a", "2"));
        updater.Store.Observe(Given.ConfigMap("a", "3"));

        updater.Store.IsKnown("2").ShouldBeFalse();
        updater.Store.IsKnown("3").ShouldBeFalse();
    }

    [Fact]
    public void What_is_not_kept_is_read_when_the_watch_brings_it()
    {
        var updater = Make(new InformerOptions<V1ConfigMap> { Keep = map => map.Metadata.Name != "other" });

        updater.Store.Observe(Given.ConfigMap("other", "2"));

        updater.Store.IsKnown("2").ShouldBeFalse();
    }

    [Fact]
    public void After_a_list_everything_is_read()
    {
        var updater = Make();
        updater.BeginList();
        updater.Store.Observe(Given.ConfigMap("a", "60"));
        updater.EndList([], "50");

        updater.Store.IsKnown("60").ShouldBeFalse();
    }

    [Fact]
    public void A_write_that_the_watch_has_passed_and_whose_object_is_gone_stays_gone()
    {
        var updater = Make();
        updater.Store.Observe(Given.ConfigMap("b", "9"));
        updater.Store.IsKnown("9").ShouldBeTrue();

        updater.Store.Observe(Given.ConfigMap("a", "8"));

        updater.Store.Get(new("shop", "a")).ShouldBeNull();
    }

    [Fact]
    public void A_delete_of_our_own_is_told_when_the_watch_brings_it()
    {
        var updater = Make();
        updater.Take(new(WatchEventType.Added, Given.ConfigMap("a", "1")));
        _told.Clear();

        updater.Store.ObserveDeleted(Given.ConfigMap("a", "1"));
        _told.ShouldBeEmpty();
        updater.Take(new(WatchEventType.Deleted, Given.ConfigMap("a", "2")));

        _told.ShouldBe(["a@2 -> "]);
    }

    [Fact]
    public void A_late_delete_leaves_the_namesake_that_a_write_of_our_own_made()
    {
        var updater = Make();
        updater.Take(new(WatchEventType.Added, Given.ConfigMap("a", "1", uid: "old")));
        updater.Store.ObserveDeleted(Given.ConfigMap("a", "1", uid: "old"));
        updater.Store.Observe(Given.ConfigMap("a", "3", uid: "new"));
        _told.Clear();

        updater.Take(new(WatchEventType.Deleted, Given.ConfigMap("a", "2", uid: "old")));
        updater.Take(new(WatchEventType.Added, Given.ConfigMap("a", "3", uid: "new")));

        updater.Store.Get(new("shop", "a"))!.Metadata.Uid.ShouldBe("new");
        _told.ShouldBe(["a@2 -> "], "the old one, once, and never the new one");
    }

    [Fact]
    public void What_a_write_made_while_a_list_was_under_way_is_not_told_as_deleted_by_it()
    {
        var updater = Make();
        updater.TakeListed(Given.ConfigMap("a"));
        _told.Clear();

        updater.BeginList();
        updater.Store.Observe(Given.ConfigMap("made", "51"));
        updater.EndList([new("shop", "a")], "50");

        _told.ShouldBeEmpty();
        updater.Store.Get(new("shop", "made")).Text().ShouldBe("made@51");
    }

    [Fact]
    public void What_a_write_made_and_another_deleted_before_the_list_is_told_as_deleted_by_it()
    {
        var updater = Make();

        updater.BeginList();
        updater.Store.Observe(Given.ConfigMap("made", "41"));
        updater.EndList([], "50");

        _told.ShouldBe(["made@41 -> "]);
    }

    [Fact]
    public void What_a_write_changed_while_a_list_was_under_way_is_not_set_back_by_it()
    {
        var updater = Make();

        updater.BeginList();
        updater.Store.Observe(Given.ConfigMap("a", "51"));
        updater.TakeListed(Given.ConfigMap("a", "40"));
        updater.EndList([new("shop", "a")], "50");

        _told.ShouldBeEmpty();
        updater.Store.Get(new("shop", "a")).Text().ShouldBe("a@51");
    }

    [Fact]
    public void What_a_write_deleted_while_a_list_was_under_way_does_not_come_back_with_it()
    {
        var updater = Make();
        updater.TakeListed(Given.ConfigMap("a"));
        _told.Clear();

        updater.BeginList();
        updater.Store.ObserveDeleted(Given.ConfigMap("a"));
        updater.TakeListed(Given.ConfigMap("a"));
        updater.TakeListed(Given.ConfigMap("a", "45", uid: "another"));
        updater.EndList([new("shop", "a")], "50");

        _told.ShouldBe([" -> a@45"], "but another of that name, made since, does");
    }

    private StoreUpdater<V1ConfigMap> Make(InformerOptions<V1ConfigMap>? options = null)
    {
        var updater = new StoreUpdater<V1ConfigMap>(options ?? new InformerOptions<V1ConfigMap>());
        updater.AddHandler((old, now) => _told.Add($"{old.Text()} -> {now.Text()}"));
        return updater;
    }
}
