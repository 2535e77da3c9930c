using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Informers;

/// <summary>Our own writes, which the store has before the watch delivers them.</summary>
public sealed class WriteTrackerTests
{
    private readonly List<string> _changes = [];

    [Fact]
    public void Filters_and_transforms_a_local_write_like_a_watch_event()
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
    public void Does_not_notify_handlers_of_a_local_write()
    {
        var processor = Make();

        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "2"));
        processor.Process(new(WatchEventType.Modified, Given.ConfigMap("a", "2")));

        _changes.ShouldBeEmpty();
    }

    [Fact]
    public void Knows_the_version_of_a_local_write_once()
    {
        var processor = Make();
        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "2"));

        processor.Store.IsKnown("1").ShouldBeFalse("the write of another client");
        processor.Store.IsKnown("2").ShouldBeTrue();
        processor.Store.IsKnown("2").ShouldBeFalse();
    }

    [Fact]
    public void A_version_that_the_watch_delivered_before_the_write_returned_is_not_pending()
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
    public void Does_not_know_the_version_of_an_object_that_the_filter_rejects()
    {
        var processor = Make(new InformerOptions<V1ConfigMap> { Filter = map => map.Metadata.Name != "other" });

        processor.Store.ApplyLocalWrite(Given.ConfigMap("other", "2"));

        processor.Store.IsKnown("2").ShouldBeFalse();
    }

    [Fact]
    public void A_completed_list_clears_the_pending_versions()
    {
        var processor = Make();
        processor.BeginList();
        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "60"));
        processor.EndList([], "50");

        processor.Store.IsKnown("60").ShouldBeFalse();
    }

    [Fact]
    public void Ignores_an_outdated_local_write_of_an_object_that_is_gone()
    {
        var processor = Make();
        processor.Store.ApplyLocalWrite(Given.ConfigMap("b", "9"));
        processor.Store.IsKnown("9").ShouldBeTrue();

        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "8"));

        processor.Store.Get(new("shop", "a")).ShouldBeNull();
    }

    [Fact]
    public void Notifies_handlers_of_a_local_delete_when_the_watch_delivers_it()
    {
        var processor = Make();
        processor.Process(new(WatchEventType.Added, Given.ConfigMap("a", "1")));
        _changes.Clear();

        processor.Store.ApplyLocalDelete(Given.ConfigMap("a", "1"));
        _changes.ShouldBeEmpty();
        processor.Process(new(WatchEventType.Deleted, Given.ConfigMap("a", "2")));

        _changes.ShouldBe(["a@2 -> "]);
    }

    [Fact]
    public void A_late_delete_event_keeps_the_recreated_object()
    {
        var processor = Make();
        processor.Process(new(WatchEventType.Added, Given.ConfigMap("a", "1", uid: "old")));
        processor.Store.ApplyLocalDelete(Given.ConfigMap("a", "1", uid: "old"));
        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "3", uid: "new"));
        _changes.Clear();

        processor.Process(new(WatchEventType.Deleted, Given.ConfigMap("a", "2", uid: "old")));
        processor.Process(new(WatchEventType.Added, Given.ConfigMap("a", "3", uid: "new")));

        processor.Store.Get(new("shop", "a"))!.Metadata.Uid.ShouldBe("new");
        _changes.ShouldBe(["a@2 -> "], "the old object once, and never the new one");
    }

    [Fact]
    public void A_list_does_not_delete_an_object_that_a_newer_local_write_created()
    {
        var processor = Make();
        processor.ProcessListed(Given.ConfigMap("a"));
        _changes.Clear();

        processor.BeginList();
        processor.Store.ApplyLocalWrite(Given.ConfigMap("made", "51"));
        processor.EndList([new("shop", "a")], "50");

        _changes.ShouldBeEmpty();
        processor.Store.Get(new("shop", "made")).Text().ShouldBe("made@51");
    }

    [Fact]
    public void A_list_deletes_a_locally_created_object_that_is_older_and_not_listed()
    {
        var processor = Make();

        processor.BeginList();
        processor.Store.ApplyLocalWrite(Given.ConfigMap("made", "41"));
        processor.EndList([], "50");

        _changes.ShouldBe(["made@41 -> "]);
    }

    [Fact]
    public void A_list_does_not_revert_a_newer_local_write()
    {
        var processor = Make();

        processor.BeginList();
        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "51"));
        processor.ProcessListed(Given.ConfigMap("a", "40"));
        processor.EndList([new("shop", "a")], "50");

        _changes.ShouldBeEmpty();
        processor.Store.Get(new("shop", "a")).Text().ShouldBe("a@51");
    }

    [Fact]
    public void A_list_does_not_restore_an_object_that_was_deleted_locally_during_it()
    {
        var processor = Make();
        processor.ProcessListed(Given.ConfigMap("a"));
        _changes.Clear();

        processor.BeginList();
        processor.Store.ApplyLocalDelete(Given.ConfigMap("a"));
        processor.ProcessListed(Given.ConfigMap("a"));
        processor.ProcessListed(Given.ConfigMap("a", "45", uid: "another"));
        processor.EndList([new("shop", "a")], "50");

        _changes.ShouldBe([" -> a@45"], "an object of the same name with another UID is stored");
    }

    private DeltaProcessor<V1ConfigMap> Make(InformerOptions<V1ConfigMap>? options = null)
    {
        var processor = new DeltaProcessor<V1ConfigMap>(options ?? new InformerOptions<V1ConfigMap>());
        processor.AddHandler((old, now) => _changes.Add($"{old.Text()} -> {now.Text()}"));
        return processor;
    }
}
