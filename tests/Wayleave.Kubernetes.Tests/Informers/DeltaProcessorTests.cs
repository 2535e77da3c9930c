using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Informers;

public sealed class DeltaProcessorTests
{
    private readonly List<string> _told = [];

    [Fact]
    public void A_change_is_told_with_what_was_there_before()
    {
        var processor = Make();

        processor.Process(new(WatchEventType.Added, Given.ConfigMap("a", "1")));
        processor.Process(new(WatchEventType.Modified, Given.ConfigMap("a", "2")));
        processor.Process(new(WatchEventType.Deleted, Given.ConfigMap("a", "3")));

        _told.ShouldBe([" -> a@1", "a@1 -> a@2", "a@2 -> "]);
    }

    [Fact]
    public void A_bookmark_changes_nothing()
    {
        var processor = Make();

        processor.Process(new(WatchEventType.Bookmark, new V1ConfigMap { Metadata = new() { ResourceVersion = "9" } }));

        _told.ShouldBeEmpty();
        processor.Store.Count.ShouldBe(0);
    }

    [Fact]
    public void A_version_that_is_known_is_not_told_again()
    {
        var processor = Make();
        processor.ProcessListed(Given.ConfigMap("a", "1"));

        processor.ProcessListed(Given.ConfigMap("a", "1"));
        processor.Process(new(WatchEventType.Added, Given.ConfigMap("a", "1")));

        _told.ShouldBe([" -> a@1"]);
    }

    [Fact]
    public void A_list_is_believed_even_if_it_is_older_since_a_restored_backup_is()
    {
        var processor = Make();
        processor.ProcessListed(Given.ConfigMap("a", "100"));

        processor.ProcessListed(Given.ConfigMap("a", "50"));

        _told.ShouldBe([" -> a@100", "a@100 -> a@50"]);
    }

    [Fact]
    public void Another_uid_is_told_as_a_delete_and_an_addition()
    {
        var processor = Make();
        processor.ProcessListed(Given.ConfigMap("a", "1", uid: "old"));

        processor.ProcessListed(Given.ConfigMap("a", "5", uid: "new"));

        _told.ShouldBe([" -> a@1", "a@1 -> ", " -> a@5"]);
    }

    [Fact]
    public void What_a_complete_list_lacks_is_told_as_deleted()
    {
        var processor = Make();
        Put(processor, "a", "b", "c");
        _told.Clear();

        processor.EndList([new("shop", "b")], "9");

        _told.ShouldBe(["a@1 -> ", "c@1 -> "], ignoreOrder: true);
        processor.Store.List().Select(Given.Text).ShouldBe(["b@1"]);
    }

    [Fact]
    public void What_is_not_to_be_kept_is_treated_as_if_it_were_not_there()
    {
        var processor = Make(new InformerOptions<V1ConfigMap> { Filter = map => map.Metadata.Labels?.ContainsKey("mine") == true });

        processor.Process(new(WatchEventType.Added, Given.ConfigMap("other", "1")));
        processor.Process(new(WatchEventType.Deleted, Given.ConfigMap("other", "2")));
        processor.Process(new(WatchEventType.Added, Given.ConfigMap("a", "3").Labelled("mine", "")));
        processor.Process(new(WatchEventType.Modified, Given.ConfigMap("a", "4")));
        processor.Process(new(WatchEventType.Modified, Given.ConfigMap("a", "5").Labelled("mine", "")));
        processor.Process(new(WatchEventType.Deleted, Given.ConfigMap("a", "6").Labelled("mine", "")));

        _told.ShouldBe([" -> a@3", "a@3 -> ", " -> a@5", "a@5 -> "]);
        processor.Store.Count.ShouldBe(0);
    }

    [Fact]
    public void What_nobody_reads_is_dropped_before_an_object_is_kept_or_told()
    {
        var processor = Make(new InformerOptions<V1ConfigMap> { Transform = map => map.Data = null });
        var told = new List<V1ConfigMap?>();
        processor.AddHandler((_, now) => told.Add(now));
        var map = Given.ConfigMap("a");
        map.Data = new Dictionary<string, string>(StringComparer.Ordinal) { ["large"] = "value" };

        processor.Process(new(WatchEventType.Added, map));

        processor.Store.List().ShouldHaveSingleItem().Data.ShouldBeNull();
        told.ShouldHaveSingleItem()!.Data.ShouldBeNull();
    }

    private static void Put(DeltaProcessor<V1ConfigMap> processor, params string[] names)
    {
        foreach (var name in names)
        {
            processor.ProcessListed(Given.ConfigMap(name));
        }
    }

    [Fact]
    public void An_observer_sees_all_that_comes_by_also_what_the_store_knows_already()
    {
        var observer = new FakeObserver();
        var processor = Make();
        processor.AddObserver(observer);

        processor.BeginList();
        processor.ProcessListed(Given.ConfigMap("a", "1"));
        processor.EndList([new("shop", "a")], "5");
        processor.Store.ApplyLocalWrite(Given.ConfigMap("a", "6"));
        processor.Process(new(WatchEventType.Modified, Given.ConfigMap("a", "6")));
        processor.Store.ApplyLocalDelete(Given.ConfigMap("a", "6"));
        processor.Process(new(WatchEventType.Deleted, Given.ConfigMap("a", "7")));
        processor.Process(new(WatchEventType.Bookmark, new V1ConfigMap { Metadata = new() { ResourceVersion = "9" } }));

        observer.Seen.ShouldBe(["list", "a@1", "listed 5", "written a@6", "Modified a@6", "Deleted a@7", "Bookmark @9"]);
    }

    private DeltaProcessor<V1ConfigMap> Make(InformerOptions<V1ConfigMap>? options = null)
    {
        var processor = new DeltaProcessor<V1ConfigMap>(options ?? new InformerOptions<V1ConfigMap>());
        processor.AddHandler((old, now) => _told.Add($"{old.Text()} -> {now.Text()}"));
        return processor;
    }
}
