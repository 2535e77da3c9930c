using k8s.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

using static Wayleave.Kubernetes.Tests.Support.FakeCollection;

namespace Wayleave.Kubernetes.Tests.Informers;

/// <summary>How an informer handles an API server that fails, disconnects, sends malformed data or is unavailable.</summary>
public sealed class InformerFailureTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    private static readonly RequestDelegate Broken = context =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    private static async Task SilentAsync(HttpContext context)
    {
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Answer.NeverAsync(context);
    }

    [Fact]
    public async Task Relists_after_410_in_a_watch_and_reports_the_missed_changes()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null, "kept@1", "changed@2", "deleted@3", "replaced@4/old"), Page("50", null, "kept@1", "changed@41", "added@42", "replaced@43/new"))
            .Watches(Lines(Modified("kept@6"), Gone)));

        await running.EndPauseAsync();
        await running.RequestedAsync(4);

        running.Collection.Requests.ShouldBe(["list", "watch 5", "list", "watch 50"]);
        running.Changes.Skip(5).ShouldBe(
            ["kept@6 -> kept@1", "changed@2 -> changed@41", " -> added@42", "replaced@4 -> ", " -> replaced@43", "deleted@3 -> "]);
        running.Stored.ShouldBe(["added@42", "changed@41", "kept@1", "replaced@43"]);
    }

    [Theory]
    [InlineData("a@1", "b@2", "c@3")]
    [InlineData("a@1", "b@2")]
    public async Task Fails_when_there_are_more_objects_than_the_maximum(params string[] listed)
    {
        await using var running = await RunningInformer.StartAsync(
            certificates,
            new FakeCollection().Lists(Page("5", null, listed)).Watches(OpenLines(Added("d@6"))),
            new InformerOptions<V1ConfigMap> { MaxObjects = 2 });

        (await Should.ThrowAsync<LimitExceededException>(Soon.WithinAsync(running.Run))).Message.ShouldBe("there are more than 2 configmaps");
    }

    [Fact]
    public async Task Says_why_it_lists_again_but_not_that_it_lists_first()
    {
        var relists = new List<(string, string)>();
        await using var running = await RunningInformer.StartAsync(
            certificates,
            new FakeCollection().Lists(Page("5", null, "a@1"), Page("50", null, "a@1")).Watches(Lines(Modified("a@6"), Gone)),
            new InformerOptions<V1ConfigMap> { OnRelist = (resource, reason) => relists.Add((resource, reason)) });

        await running.EndPauseAsync();
        await running.RequestedAsync(4);

        relists.ShouldBe([("configmaps", "410")]);
    }

    [Fact]
    public async Task Relists_when_a_watch_request_returns_410()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null, "a@1"), Page("50", null))
            .Watches(Answer.Status(410, "Expired", "too old")));

        await running.EndPauseAsync();
        await running.ChangedAsync("a@1 -> ");

        running.Collection.Requests.Take(3).ShouldBe(["list", "watch 5", "list"]);
    }

    [Fact]
    public async Task Restarts_a_list_whose_next_page_is_gone_and_deletes_nothing_meanwhile()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(
                Page("5", null, "a@1", "z@2"),
                Page("50", "second", "a@1"),
                Answer.Status(410, "Expired", "The provided continue parameter is too old"),
                Page("60", null, "a@1", "z@2"))
            .Watches(Lines(Gone)));

        await running.EndPauseAsync();
        await running.EndPauseAsync();
        await running.RequestedAsync(6);

        running.Collection.Requests.ShouldBe(["list", "watch 5", "list", "list second", "list", "watch 60"]);
        running.Changes.ShouldBe([" -> a@1", " -> z@2"]);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(0)]
    public async Task Resumes_a_failed_watch_from_the_same_version_without_a_list(int code)
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null, "a@1"))
            .Watches(
                Lines(Modified("a@6")),
                code == 0 ? Broken : Answer.Status(code, "InternalError", "etcd is away"),
                OpenLines(Modified("a@7"))));

        await running.EndPauseAsync();
        await running.EndPauseAsync();
        await running.ChangedAsync("a@6 -> a@7");

        running.Collection.Requests.ShouldBe(["list", "watch 5", "watch 6", "watch 6"]);
    }

    [Fact]
    public async Task Resumes_from_the_last_change_after_an_error_event_other_than_410()
    {
        const string error = """{"type":"ERROR","object":{"kind":"Status","code":500,"message":"etcd changed leader"}}""";
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null))
            .Watches(Lines(Added("a@6"), error), OpenLines(Added("b@7"))));

        await running.EndPauseAsync();
        await running.ChangedAsync(" -> b@7");

        running.Collection.Requests.ShouldBe(["list", "watch 5", "watch 6"]);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("""{"type":"SURPRISE","object":{"metadata":{"name":"x","resourceVersion":"7"}}}""")]
    [InlineData("""{"type":"MODIFIED","object":{"metadata":{"name":["x"]}}}""")]
    public async Task Relists_after_a_line_that_cannot_be_read(string line)
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null, "a@1"), Page("50", null, "b@40"))
            .Watches(Lines(line, Added("never@8"))));

        await running.EndPauseAsync();
        await running.ChangedAsync(" -> b@40", "a@1 -> ");

        running.Changes.ShouldNotContain(" -> never@8");
    }

    [Fact]
    public async Task Resumes_from_the_last_complete_line_after_a_watch_breaks()
    {
        var received = new TaskCompletionSource();
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null))
            .Watches(CutLines(received.Task, Added("b@7")[..^10], Added("a@6")), OpenLines(Added("b@7"))));
        await running.ChangedAsync(" -> a@6");
        received.SetResult();

        await running.EndPauseAsync();
        await running.ChangedAsync(" -> b@7");

        running.Collection.Requests.ShouldBe(["list", "watch 5", "watch 6"]);
        running.Changes.ShouldBe([" -> a@6", " -> b@7"]);
    }

    [Fact]
    public async Task Relists_after_a_watch_that_was_silent_at_its_timeout()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null, "a@1"), Page("50", null, "a@1", "b@40"))
            .Watches(SilentAsync));
        await running.WatchingAsync();

        running.Api.Time.Advance(TimeSpan.FromSeconds(640));
        await running.EndPauseAsync();
        await running.ChangedAsync(" -> b@40");

        await running.RequestedAsync(4);
        running.Collection.Requests.ShouldBe(["list", "watch 5", "list", "watch 50"]);
    }

    [Fact]
    public async Task Retries_a_list_that_cannot_be_read()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Answer.Json("""{"metadata":{},"items":[{"metadata":{"labels":5}}]}"""), Answer.Json("<html>"), Page("5", null, "a@1")));

        await running.EndPauseAsync();
        await running.EndPauseAsync();

        await running.ChangedAsync(" -> a@1");
    }

    [Fact]
    public async Task Stopping_while_the_API_server_is_unavailable_is_not_a_failure()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection().Lists(Broken));
        await Soon.UntilAsync("a pause", () => running.Api.Time.Waits.Count > 0 && running.Collection.Requests.Count == 1);

        await running.StopAsync();

        await Soon.WithinAsync(running.Run);
        running.Informer.HasSynced.ShouldBeFalse();
        running.Log.At(LogLevel.Warning).ShouldBeEmpty();
    }
}
