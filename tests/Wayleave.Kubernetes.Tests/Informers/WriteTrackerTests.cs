using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Informers;

/// <summary>Our own writes, which the store has before the watch delivers them.</summary>
public sealed class WriteTrackerTests
{
    private readonly List<string> _told = [];

    [Fact]
    public void What_a_write_gave_back_is_trimmed_and_sifted_like_what_was_watched()
    {
        var processor = Make(new InformerOptions<V1ConfigMap>
        {
            Filter = map => map.Metadata.Name != "other",
            Transform = map => map.Data = null,
        });
        var map = Given.ConfigMap("a");
        map.Data = new Dictionary<string, string>(StringComparer.Ordinal) { ["large"] = "value" };

        processor.Store.ApplyLocalWrite(map);
        processor.Store.ApplyLocalWrite(Given.ConfigMap("other"));

        processor.Store.List().ShouldHaveSingleItem().Data.ShouldBeNull();
    }

    [Fact]
    public void A_write_of_our_own_is_told_to_no_handler()
    {
        var processor = Make();

        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "2"));
        processor.Process(new(WatchEventType.Modified, Given.ConfigMap("a", "2")));

        _told.ShouldBeEmpty();
    }

    [Fact]
    public void What_a_write_gave_back_is_known_to_the_watch_once()
    {
        var processor = Make();
        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "2"));

        processor.Store.IsKnown("1").ShouldBeFalse("the write of another client");
        processor.Store.IsKnown("2").ShouldBeTrue();
        processor.Store.IsKnown("2").ShouldBeFalse();
    }

    [Fact]
    public void What_the_watch_brought_before_the_write_gave_it_back_is_not_awaited()
    {
        var processor = Make();
        processor.Process(new(WatchEventType.Added, Given.ConfigMap("a", "2")));
        processor.Process(new(WatchEventType.Modified, Given.ConfigMap("a", "3")));

        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "2"));
        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "3"));

        processor.Store.IsKnown("2").ShouldBeFalse();
        processor.Store.IsKnown("3").ShouldBeFalse();
    }

    [Fact]
    public void What_is_not_kept_is_read_when_the_watch_brings_it()
    {
        var processor = Make(new InformerOptions<V1ConfigMap> { Filter = map => map.Metadata.Name != "other" });

        processor.Store.ApplyLocalWrite(Given.ConfigMap("other", "2"));

        processor.Store.IsKnown("2").ShouldBeFalse();
    }

    [Fact]
    public void After_a_list_everything_is_read()
    {
        var processor = Make();
        processor.BeginList();
        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "60"));
        processor.EndList([], "50");

        processor.Store.IsKnown("60").ShouldBeFalse();
    }

    [Fact]
    public void A_write_that_the_watch_has_passed_and_whose_object_is_gone_stays_gone()
    {
        var processor = Make();
        processor.Store.ApplyLocalWrite(Given.ConfigMap("b", "9"));
        processor.Store.IsKnown("9").ShouldBeTrue();

        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "8"));

        processor.Store.Get(new("shop", "a")).ShouldBeNull();
    }

    [Fact]
    public void A_delete_of_our_own_is_told_when_the_watch_brings_it()
    {
        var processor = Make();
        processor.Process(new(WatchEventType.Added, Given.ConfigMap("a", "1")));
        _told.Clear();

        processor.Store.ApplyLocalDelete(Given.ConfigMap("a", "1"));
        _told.ShouldBeEmpty();
        processor.Process(new(WatchEventType.Deleted, Given.ConfigMap("a", "2")));

        _told.ShouldBe(["a@2 -> "]);
    }

    [Fact]
    public void A_late_delete_leaves_the_namesake_that_a_write_of_our_own_made()
    {
        var processor = Make();
        processor.Process(new(WatchEventType.Added, Given.ConfigMap("a", "1", uid: "old")));
        processor.Store.ApplyLocalDelete(Given.ConfigMap("a", "1", uid: "old"));
        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "3", uid: "new"));
        _told.Clear();

        processor.Process(new(WatchEventType.Deleted, Given.ConfigMap("a", "2", uid: "old")));
        processor.Process(new(WatchEventType.Added, Given.ConfigMap("a", "3", uid: "new")));

        processor.Store.Get(new("shop", "a"))!.Metadata.Uid.ShouldBe("new");
        _told.ShouldBe(["a@2 -> "], "the old one, once, and never the new one");
    }

    [Fact]
    public void What_a_write_made_while_a_list_was_under_way_is_not_told_as_deleted_by_it()
    {
        var processor = Make();
        processor.ProcessListed(Given.ConfigMap("a"));
        _told.Clear();

        processor.BeginList();
        processor.Store.ApplyLocalWrite(Given.ConfigMap("made", "51"));
        processor.EndList([new("shop", "a")], "50");

        _told.ShouldBeEmpty();
        processor.Store.Get(new("shop", "made")).Text().ShouldBe("made@51");
    }

    [Fact]
    public void What_a_write_made_and_another_deleted_before_the_list_is_told_as_deleted_by_it()
    {
        var processor = Make();

        processor.BeginList();
        processor.Store.ApplyLocalWrite(Given.ConfigMap("made", "41"));
        processor.EndList([], "50");

        _told.ShouldBe(["made@41 -> "]);
    }

    [Fact]
    public void What_a_write_changed_while_a_list_was_under_way_is_not_set_back_by_it()
    {
        var processor = Make();

        processor.BeginList();
        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "51"));
        processor.ProcessListed(Given.ConfigMap("a", "40"));
        processor.EndList([new("shop", "a")], "50");

        _told.ShouldBeEmpty();
        processor.Store.Get(new("shop", "a")).Text().ShouldBe("a@51");
    }

    [Fact]
    public void What_a_write_deleted_while_a_list_was_under_way_does_not_come_back_with_it()
    {
        var processor = Make();
        processor.ProcessListed(Given.ConfigMap("a"));
        _told.Clear();

        processor.BeginList();
        processor.Store.ApplyLocalDelete(Given.ConfigMap("a"));
        processor.ProcessListed(Given.ConfigMap("a"));
        processor.ProcessListed(Given.ConfigMap("a", "45", uid: "another"));
        processor.EndList([new("shop", "a")], "50");

        _told.ShouldBe([" -> a@45"], "but another of that name, made since, does");
    }

    private DeltaProcessor<V1ConfigMap> Make(InformerOptions<V1ConfigMap>? options = null)
    {
        var processor = new DeltaProcessor<V1ConfigMap>(options ?? new InformerOptions<V1ConfigMap>());
        processor.AddHandler((old, now) => _told.Add($"{old.Text()} -> {now.Text()}"));
        return processor;
    }
}
