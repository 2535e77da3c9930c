using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Informers;

public sealed class DeltaProcessorTests
{
    private readonly List<string> _changes = [];

    [Fact]
    public void Passes_the_old_and_the_new_object_to_handlers()
    {
        var processor = Make();

        processor.Process(new(WatchEventType.Added, Given.ConfigMap("a", "1")));
        processor.Process(new(WatchEventType.Modified, Given.ConfigMap("a", "2")));
        processor.Process(new(WatchEventType.Deleted, Given.ConfigMap("a", "3")));

        _changes.ShouldBe([" -> a@1", "a@1 -> a@2", "a@2 -> "]);
    }

    [Fact]
    public void A_bookmark_changes_nothing()
    {
        var processor = Make();

        processor.Process(new(WatchEventType.Bookmark, new V1ConfigMap { Metadata = new() { ResourceVersion = "9" } }));

        _changes.ShouldBeEmpty();
        processor.Store.Count.ShouldBe(0);
    }

    [Fact]
    public void Does_not_notify_handlers_of_a_known_version()
    {
        var processor = Make();
        processor.ProcessListed(Given.ConfigMap("a", "1"));

        processor.ProcessListed(Given.ConfigMap("a", "1"));
        processor.Process(new(WatchEventType.Added, Given.ConfigMap("a", "1")));

        _changes.ShouldBe([" -> a@1"]);
    }

    [Fact]
    public void Accepts_an_older_version_from_a_list()
    {
        // A cluster that was restored from a backup has older versions.
        var processor = Make();
        processor.ProcessListed(Given.ConfigMap("a", "100"));

        processor.ProcessListed(Given.ConfigMap("a", "50"));

        _changes.ShouldBe([" -> a@100", "a@100 -> a@50"]);
    }

    [Fact]
    public void Reports_another_UID_as_a_deletion_and_an_addition()
    {
        var processor = Make();
        processor.ProcessListed(Given.ConfigMap("a", "1", uid: "old"));

        processor.ProcessListed(Given.ConfigMap("a", "5", uid: "new"));

        _changes.ShouldBe([" -> a@1", "a@1 -> ", " -> a@5"]);
    }

    [Fact]
    public void Deletes_objects_that_a_complete_list_does_not_contain()
    {
        var processor = Make();
        Put(processor, "a", "b", "c");
        _changes.Clear();

        processor.EndList([new("shop", "b")], "9");

        _changes.ShouldBe(["a@1 -> ", "c@1 -> "], ignoreOrder: true);
        processor.Store.List().Select(Given.Text).ShouldBe(["b@1"]);
    }

    [Fact]
    public void Treats_objects_that_the_filter_rejects_as_absent()
    {
        var processor = Make(new InformerOptions<V1ConfigMap> { Filter = map => map.Metadata.Labels?.ContainsKey("mine") == true });

        processor.Process(new(WatchEventType.Added, Given.ConfigMap("other", "1")));
        processor.Process(new(WatchEventType.Deleted, Given.ConfigMap("other", "2")));
        processor.Process(new(WatchEventType.Added, Given.ConfigMap("a", "3").Labeled("mine", "")));
        processor.Process(new(WatchEventType.Modified, Given.ConfigMap("a", "4")));
        processor.Process(new(WatchEventType.Modified, Given.ConfigMap("a", "5").Labeled("mine", "")));
        processor.Process(new(WatchEventType.Deleted, Given.ConfigMap("a", "6").Labeled("mine", "")));

        _changes.ShouldBe([" -> a@3", "a@3 -> ", " -> a@5", "a@5 -> "]);
        processor.Store.Count.ShouldBe(0);
    }

    [Fact]
    public void Transforms_an_object_before_it_stores_and_reports_it()
    {
        var processor = Make(new InformerOptions<V1ConfigMap> { Transform = map => map.Data = null });
        var reported = new List<V1ConfigMap?>();
        processor.AddHandler((_, now) => reported.Add(now));
        var map = Given.ConfigMap("a");
        map.Data = new Dictionary<string, string>(StringComparer.Ordinal) { ["large"] = "value" };

        processor.Process(new(WatchEventType.Added, map));

        processor.Store.List().ShouldHaveSingleItem().Data.ShouldBeNull();
        reported.ShouldHaveSingleItem()!.Data.ShouldBeNull();
    }

    private static void Put(DeltaProcessor<V1ConfigMap> processor, params string[] names)
    {
        foreach (var name in names)
        {
            processor.ProcessListed(Given.ConfigMap(name));
        }
    }

    [Fact]
    public void An_observer_sees_every_event_even_if_the_store_knows_it()
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
        processor.AddHandler((old, now) => _changes.Add($"{old.Text()} -> {now.Text()}"));
        return processor;
    }
}
