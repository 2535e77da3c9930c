using k8s.Models;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

using static Wayleave.Kubernetes.Tests.Support.FakeCollection;

namespace Wayleave.Kubernetes.Tests.Informers;

/// <summary>How an informer lists and watches without failures.</summary>
public sealed class InformerTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    [Fact]
    public async Task Reads_all_pages_of_a_list_before_it_has_synced_and_watches()
    {
        var lastPage = new TaskCompletionSource();
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection().Lists(
            Page("40", "second", "a@1", "b@2"),
            Page("40", "third", "c@3"),
            async context =>
            {
                await lastPage.Task.WaitAsync(context.RequestAborted);
                await Page("40", null, "d@4")(context);
            }));

        await running.ChangedAsync(" -> c@3");
        running.Informer.HasSynced.ShouldBeFalse("a page is missing");
        var synced = running.Informer.WaitForSyncAsync(CancellationToken.None);
        lastPage.SetResult();
        await Soon.WithinAsync(synced);
        await running.RequestedAsync(4);

        running.Informer.HasSynced.ShouldBeTrue();
        running.Stored.ShouldBe(["a@1", "b@2", "c@3", "d@4"]);
        running.Collection.Requests.ShouldBe(["list", "list second", "list third", "watch 40"]);
    }

    [Fact]
    public async Task Stores_and_reports_changes_in_order()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null, "a@1"))
            .Watches(OpenLines(Added("b@6"), Modified("a@7"), Deleted("b@8"), Bookmark("9"), Added("b@10/another"))));

        await running.ChangedAsync(" -> b@10");

        running.Changes.ShouldBe([" -> a@1", " -> b@6", "a@1 -> a@7", "b@6 -> ", " -> b@10"]);
        running.Stored.ShouldBe(["a@7", "b@10"]);
    }

    [Fact]
    public async Task A_handler_finds_the_change_in_the_store()
    {
        var seen = new List<string?>();
        await using var api = await TestApi.StartAsync(
            certificates, new FakeCollection().Watches(OpenLines(Added("a@6"), Modified("a@7"), Deleted("a@8"))).AnswerAsync);
        var informer = new Informer<V1ConfigMap>(
            api.Client, Given.Registry, new InformerOptions<V1ConfigMap>(), api.Meters.Metrics(), api.Time, new FakeLogger<Informer<V1ConfigMap>>());
        informer.AddHandler((_, _) => seen.Add(informer.Store.Get(new("shop", "a")).Text()));
        using var stop = new CancellationTokenSource();
        var run = informer.RunAsync(stop.Token);

        await Soon.UntilAsync("three changes", () => seen.Count == 3);

        seen.ShouldBe(["a@6", "a@7", null]);
        await stop.CancelAsync();
        await Soon.WithinAsync(run);
    }

    [Fact]
    public async Task Does_not_parse_the_watch_event_of_a_local_write()
    {
        var written = new TaskCompletionSource();
        await using var api = await TestApi.StartAsync(certificates, new FakeCollection().Lists(Page("5", null)).Watches(async context =>
        {
            await written.Task.WaitAsync(context.RequestAborted);
            await OpenLines(Added("a@6"), Added("b@7"))(context);
        }).AnswerAsync);
        var informer = new Informer<V1ConfigMap>(
            api.Client, Given.Registry, new InformerOptions<V1ConfigMap>(), api.Meters.Metrics(), api.Time, new FakeLogger<Informer<V1ConfigMap>>());
        var observer = new FakeObserver();
        informer.AddObserver(observer);
        using var stop = new CancellationTokenSource();
        var run = informer.RunAsync(stop.Token);
        await Soon.WithinAsync(informer.WaitForSyncAsync(CancellationToken.None));

        informer.Store.ApplyLocalWrite(Given.ConfigMap("a", "6"));
        written.SetResult();
        await Soon.UntilAsync("the event after the write", () => informer.Store.Count == 2);
        await stop.CancelAsync();
        await Soon.WithinAsync(run);

        observer.Seen.ShouldBe(["list", "listed 5", "written a@6", "Bookmark @6", "Added b@7"]);
    }

    [Fact]
    public async Task Resumes_a_watch_that_ended_from_the_last_change()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null))
            .Watches(Lines(Added("a@6"), Added("b@7")), OpenLines(Added("c@8"))));

        (await running.EndPauseAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(0.12));
        await running.ChangedAsync(" -> c@8");

        running.Collection.Requests.ShouldBe(["list", "watch 5", "watch 7"]);
        running.Changes.ShouldBe([" -> a@6", " -> b@7", " -> c@8"]);
    }

    [Fact]
    public async Task Resumes_from_the_version_of_a_bookmark()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null, "a@1"))
            .Watches(Lines(Modified("a@6"), Bookmark("900"))));

        await running.EndPauseAsync();
        await running.RequestedAsync(3);

        running.Collection.Requests.ShouldBe(["list", "watch 5", "watch 900"]);
        running.Changes.ShouldBe([" -> a@1", "a@1 -> a@6"]);
    }

    [Fact]
    public async Task Applies_its_options_to_lists_and_watches()
    {
        var options = new InformerOptions<V1ConfigMap> { Namespace = "shop", LabelSelector = "a=b", PageSize = 3, MetadataOnly = true };
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection(), options);
        await running.RequestedAsync(2);

        var (list, watch) = (running.Api.Server.Requests[0], running.Api.Server.Requests[1]);

        (list.Path, watch.Path).ShouldBe(("/api/v1/namespaces/shop/configmaps", "/api/v1/namespaces/shop/configmaps"));
        list.Query.ShouldBe("?labelSelector=a%3Db&limit=3");
        watch.Query.ShouldStartWith("?watch=true&allowWatchBookmarks=true&labelSelector=a%3Db&resourceVersion=1&timeoutSeconds=");
        list.Accept.ShouldBe("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
        watch.Accept.ShouldBe("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
        running.Informer.Resource.ShouldBe("configmaps");
    }

    [Fact]
    public async Task Reads_only_the_first_list_from_the_watch_cache()
    {
        var options = new InformerOptions<V1ConfigMap> { ListFromCache = true };
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", "next", "a@1"), Page("5", null, "b@2"), Page("9", null, "a@1"))
            .Watches(Lines(Gone)), options);

        await running.EndPauseAsync();
        await running.RequestedAsync(5);

        running.Api.Server.Requests.Select(request => request.Query).Where(query => !query.Contains("watch", StringComparison.Ordinal))
            .ShouldBe(["?limit=500&resourceVersion=0", "?limit=500&continue=next", "?limit=500"]);
        running.Stored.ShouldBe(["a@1"]);
    }

    [Fact]
    public async Task Retries_a_failed_first_list_without_the_watch_cache()
    {
        var options = new InformerOptions<V1ConfigMap> { ListFromCache = true };
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Answer.Status(504, "Timeout", "too much at once"), Page("5", null, "a@1")), options);

        await running.EndPauseAsync();
        await running.RequestedAsync(3);

        running.Api.Server.Requests.Take(2).Select(request => request.Query).ShouldBe(["?limit=500&resourceVersion=0", "?limit=500"]);
    }

    [Fact]
    public async Task Updates_indexes_from_lists_and_watches()
    {
        var options = new InformerOptions<V1ConfigMap>
        {
            Indexes = new Dictionary<string, Func<V1ConfigMap, IEnumerable<string>>>(StringComparer.Ordinal) { ["initial"] = map => [map.Metadata.Name![..1]] },
        };
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null, "apple@1", "avocado@2", "banana@3"))
            .Watches(OpenLines(Deleted("apple@6"))), options);

        await running.ChangedAsync("apple@1 -> ");

        running.Informer.Store.ByIndex("initial", "a").Select(Given.Text).ShouldBe(["avocado@2"]);
    }

    [Fact]
    public async Task Lists_and_watches_are_counted()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection().Watches(Lines(), OpenLines()));
        await running.EndPauseAsync();
        await running.RequestedAsync(3);

        running.Api.Meters["wayleave_informer_lists_total{resource=configmaps}"].ShouldBe(1);
        running.Api.Meters["wayleave_informer_watches_total{resource=configmaps}"].ShouldBe(2);
    }

    [Fact]
    public async Task Stops_without_a_warning_and_keeps_the_stored_objects()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection().Lists(Page("5", null, "a@1")));
        await running.RequestedAsync(2);

        await running.StopAsync();
        await Soon.WithinAsync(running.Run);

        running.Stored.ShouldBe(["a@1"]);
        running.Log.At(Microsoft.Extensions.Logging.LogLevel.Warning).ShouldBeEmpty();
    }

    [Fact]
    public async Task Waiting_for_the_first_list_can_be_canceled()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection().Lists(Answer.NeverAsync));
        using var giveUp = new CancellationTokenSource();
        var synced = running.Informer.WaitForSyncAsync(giveUp.Token);

        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => synced);
    }
}
