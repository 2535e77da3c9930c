using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Informers;

public sealed class StoreUpdaterTests
{
    private readonly List<string> _told = [];

    [Fact]
    public void A_change_is_told_with_what_was_there_before()
    {
        var updater = Make();

        updater.Take(new(WatchEventType.Added, Given.ConfigMap("a", "1")));
        updater.Take(new(WatchEventType.Modified, Given.ConfigMap("a", "2")));
        updater.Take(new(WatchEventType.Deleted, Given.ConfigMap("a", "3")));

        _told.ShouldBe([" -> a@1", "a@1 -> a@2", "a@2 -> "]);
    }

    [Fact]
    public void A_bookmark_changes_nothing()
    {
        var updater = Make();

        updater.Take(new(WatchEventType.Bookmark, new V1ConfigMap { Metadata = new() { ResourceVersion = "9" } }));

        _told.ShouldBeEmpty();
        updater.Store.Count.ShouldBe(0);
    }

    [Fact]
    public void A_version_that_is_known_is_not_told_again()
    {
        var updater = Make();
        updater.TakeListed(Given.ConfigMap("a", "1"));

        updater.TakeListed(Given.ConfigMap("a", "1"));
        updater.Take(new(WatchEventType.Added, Given.ConfigMap("a", "1")));

        _told.ShouldBe([" -> a@1"]);
    }

    [Fact]
    public void A_list_is_believed_even_if_it_is_older_since_a_restored_backup_is()
    {
        var updater = Make();
        updater.TakeListed(Given.ConfigMap("a", "100"));

        updater.TakeListed(Given.ConfigMap("a", "50"));

        _told.ShouldBe([" -> a@100", "a@100 -> a@50"]);
    }

    [Fact]
    public void Another_uid_is_told_as_a_delete_and_an_addition()
    {
        var updater = Make();
        updater.TakeListed(Given.ConfigMap("a", "1", uid: "old"));

        updater.TakeListed(Given.ConfigMap("a", "5", uid: "new"));

        _told.ShouldBe([" -> a@1", "a@1 -> ", " -> a@5"]);
    }

    [Fact]
    public void What_a_complete_list_lacks_is_told_as_deleted()
    {
        var updater = Make();
        Put(updater, "a", "b", "c");
        _told.Clear();

        updater.EndList([new("shop", "b")], "9");

        _told.ShouldBe(["a@1 -> ", "c@1 -> "], ignoreOrder: true);
        updater.Store.List().Select(Given.Text).ShouldBe(["b@1"]);
    }

    [Fact]
    public void What_is_not_to_be_kept_is_treated_as_if_it_were_not_there()
    {
        var updater = Make(new InformerOptions<V1ConfigMap> { Keep = map => map.Metadata.Labels?.ContainsKey("mine") == true });

        updater.Take(new(WatchEventType.Added, Given.ConfigMap("other", "1")));
        updater.Take(new(WatchEventType.Deleted, Given.ConfigMap("other", "2")));
        updater.Take(new(WatchEventType.Added, Given.ConfigMap("a", "3").Labelled("mine", "")));
        updater.Take(new(WatchEventType.Modified, Given.ConfigMap("a", "4")));
        updater.Take(new(WatchEventType.Modified, Given.ConfigMap("a", "5").Labelled("mine", "")));
        updater.Take(new(WatchEventType.Deleted, Given.ConfigMap("a", "6").Labelled("mine", "")));

        _told.ShouldBe([" -> a@3", "a@3 -> ", " -> a@5", "a@5 -> "]);
        updater.Store.Count.ShouldBe(0);
    }

    [Fact]
    public void What_nobody_reads_is_dropped_before_an_object_is_kept_or_told()
    {
        var updater = Make(new InformerOptions<V1ConfigMap> { Trim = map => map.Data = null });
        var told = new List<V1ConfigMap?>();
        updater.AddHandler((_, now) => told.Add(now));
        var map = Given.ConfigMap("a");
        map.Data = new Dictionary<string, string>(StringComparer.Ordinal) { ["large"] = "value" };

        updater.Take(new(WatchEventType.Added, map));

        updater.Store.List().ShouldHaveSingleItem().Data.ShouldBeNull();
        told.ShouldHaveSingleItem()!.Data.ShouldBeNull();
    }

    private static void Put(StoreUpdater<V1ConfigMap> updater, params string[] names)
    {
        foreach (var name in names)
        {
            updater.TakeListed(Given.ConfigMap(name));
        }
    }

    [Fact]
    public void An_observer_sees_all_that_comes_by_also_what_the_store_knows_already()
    {
        var observer = new FakeObserver();
        var updater = Make();
        updater.AddObserver(observer);

        updater.BeginList();
        updater.TakeListed(Given.ConfigMap("a", "1"));
        updater.EndList([new("shop", "a")], "5");
        updater.Store.Observe(Given.ConfigMap("a", "6"));
        updater.Take(new(WatchEventType.Modified, Given.ConfigMap("a", "6")));
        updater.Store.ObserveDeleted(Given.ConfigMap("a", "6"));
        updater.Take(new(WatchEventType.Deleted, Given.ConfigMap("a", "7")));
        updater.Take(new(WatchEventType.Bookmark, new V1ConfigMap { Metadata = new() { ResourceVersion = "9" } }));

        observer.Seen.ShouldBe(["list", "a@1", "listed 5", "written a@6", "Modified a@6", "Deleted a@7", "Bookmark @9"]);
    }

    private StoreUpdater<V1ConfigMap> Make(InformerOptions<V1ConfigMap>? options = null)
    {
        var updater = new StoreUpdater<V1ConfigMap>(options ?? new InformerOptions<V1ConfigMap>());
        updater.AddHandler((old, now) => _told.Add($"{old.Text()} -> {now.Text()}"));
        return updater;
    }
}
