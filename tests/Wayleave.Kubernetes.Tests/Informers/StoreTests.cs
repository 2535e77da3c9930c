using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Informers;

public sealed class StoreTests
{
    private readonly DeltaProcessor<V1ConfigMap> _processor;
    private readonly Store<V1ConfigMap> _store;

    public StoreTests()
    {
        _processor = new DeltaProcessor<V1ConfigMap>(new InformerOptions<V1ConfigMap>
        {
            Indexes = new Dictionary<string, Func<V1ConfigMap, IEnumerable<string>>>(StringComparer.Ordinal)
            {
                ["team"] = map => map.Metadata.Labels?.TryGetValue("team", out var team) == true ? team.Split('_') : [],
            },
        });
        _store = _processor.Store;
    }

    [Fact]
    public void An_object_is_found_by_namespace_and_name()
    {
        Put(Given.ConfigMap("a", @namespace: "shop"), Given.ConfigMap("a", "2", @namespace: "billing"));

        _store.Get(new("shop", "a")).Text().ShouldBe("a@1");
        _store.Get(new("billing", "a")).Text().ShouldBe("a@2");
        _store.Get(new("shop", "b")).ShouldBeNull();
        _store.Count.ShouldBe(2);
    }

    [Fact]
    public void A_list_is_a_snapshot()
    {
        Put(Given.ConfigMap("a"));
        var before = _store.List();

        Put(Given.ConfigMap("b"));

        before.Select(Given.Text).ShouldBe(["a@1"]);
        _store.List().Select(Given.Text).ShouldBe(["a@1", "b@1"], ignoreOrder: true);
    }

    [Fact]
    public void An_index_finds_every_object_under_every_value()
    {
        Put(Given.ConfigMap("a").Labeled("team", "red"), Given.ConfigMap("b").Labeled("team", "red_blue"), Given.ConfigMap("c"));

        Find("red").ShouldBe(["a@1", "b@1"], ignoreOrder: true);
        Find("blue").ShouldBe(["b@1"]);
        Find("green").ShouldBeEmpty();
    }

    [Fact]
    public void An_index_follows_changes_and_deletes()
    {
        Put(Given.ConfigMap("a").Labeled("team", "red"));

        Put(Given.ConfigMap("a", "2").Labeled("team", "blue"));
        (Find("red").Count, Find("blue").Count).ShouldBe((0, 1));
        _processor.Process(new(WatchEventType.Deleted, Given.ConfigMap("a", "3")));

        Find("blue").ShouldBeEmpty();
    }

    [Fact]
    public void An_index_that_was_not_declared_is_an_error()
    {
        Should.Throw<KeyNotFoundException>(() => _store.ByIndex("none", "x"));
    }

    [Fact]
    public void A_local_write_is_visible_at_once()
    {
        _store.ApplyLocalWrite(Given.ConfigMap("a", "7").Labeled("team", "red"));

        _store.Get(new("shop", "a")).Text().ShouldBe("a@7");
        Find("red").ShouldBe(["a@7"]);
    }

    [Theory]
    [InlineData("10", "9", "10")]
    [InlineData("9", "10", "10")]
    [InlineData("99999999999999999999999999", "5", "5")]
    public void Ignores_a_local_write_with_an_older_version(string there, string observed, string expected)
    {
        Put(Given.ConfigMap("a", there));

        _store.ApplyLocalWrite(Given.ConfigMap("a", observed));

        _store.Get(new("shop", "a"))!.Metadata.ResourceVersion.ShouldBe(expected);
    }

    [Fact]
    public void A_late_watch_event_does_not_replace_a_newer_local_write()
    {
        _store.ApplyLocalWrite(Given.ConfigMap("a", "7"));

        _processor.Process(new(WatchEventType.Modified, Given.ConfigMap("a", "6")));

        _store.Get(new("shop", "a")).Text().ShouldBe("a@7");
    }

    [Fact]
    public void A_local_delete_is_visible_at_once()
    {
        Put(Given.ConfigMap("a").Labeled("team", "red"));

        _store.ApplyLocalDelete(Given.ConfigMap("a"));

        _store.Get(new("shop", "a")).ShouldBeNull();
        Find("red").ShouldBeEmpty();
    }

    [Fact]
    public void A_local_delete_keeps_an_object_of_the_same_name_with_another_UID()
    {
        Put(Given.ConfigMap("a", "5", uid: "new"));

        _store.ApplyLocalDelete(Given.ConfigMap("a", "2", uid: "old"));

        _store.Get(new("shop", "a")).Text().ShouldBe("a@5");
    }

    [Fact]
    public void Concurrent_reads_always_see_an_object_exactly_once()
    {
        Put(Given.ConfigMap("a", "1").Labeled("team", "red"));
        var wrong = 0;

        Parallel.Invoke(
            () =>
            {
                for (var version = 2; version < 20_000; version++)
                {
                    Put(Given.ConfigMap("a", $"{version}").Labeled("team", "red"));
                }
            },
            () =>
            {
                for (var look = 0; look < 20_000; look++)
                {
                    wrong += _store.Count == 1 && _store.List().Count == 1 && _store.ByIndex("team", "red").Count == 1 ? 0 : 1;
                }
            });

        wrong.ShouldBe(0);
    }

    private void Put(params V1ConfigMap[] maps)
    {
        foreach (var map in maps)
        {
            _processor.ProcessListed(map);
        }
    }

    private List<string?> Find(string team) => [.. _store.ByIndex("team", team).Select(Given.Text)];
}
