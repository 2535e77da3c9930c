using k8s.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

using static Wayleave.Kubernetes.Tests.Support.FakeCollection;

namespace Wayleave.Kubernetes.Tests.Informers;

/// <summary>What an informer makes of an API server that errs, breaks, talks garbage or is away.</summary>
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
    public async Task A_version_that_is_gone_within_a_watch_leads_to_a_list_that_tells_what_was_missed()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null, "kept@1", "changed@2", "deleted@3", "replaced@4/old"), Page("50", null, "kept@1", "changed@41", "added@42", "replaced@43/new"))
            .Watches(Lines(Modified("kept@6"), Gone)));

        await running.EndPauseAsync();
        await running.RequestedAsync(4);

        running.Collection.Requests.ShouldBe(["list", "watch 5", "list", "watch 50"]);
        running.Told.Skip(5).ShouldBe(
            ["kept@6 -> kept@1", "changed@2 -> changed@41", " -> added@42", "replaced@4 -> ", " -> replaced@43", "deleted@3 -> "]);
        running.Stored.ShouldBe(["added@42", "changed@41", "kept@1", "replaced@43"]);
    }

    [Theory]
    [InlineData("a@1", "b@2", "c@3")]
    [InlineData("a@1", "b@2")]
    public async Task More_objects_than_are_meant_to_be_kept_end_it(params string[] listed)
    {
        await using var running = await RunningInformer.StartAsync(
            certificates,
            new FakeCollection().Lists(Page("5", null, listed)).Watches(OpenLines(Added("d@6"))),
            new InformerOptions<V1ConfigMap> { MaxObjects = 2 });

        (await Should.ThrowAsync<LimitExceededException>(Soon.WithinAsync(running.Run))).Message.ShouldBe("there are more than 2 configmaps");
    }

    [Fact]
    public async Task A_version_that_is_gone_before_a_watch_begins_leads_to_a_list()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null, "a@1"), Page("50", null))
            .Watches(Answer.Status(410, "Expired", "too old")));

        await running.EndPauseAsync();
        await running.ToldAsync("a@1 -> ");

        running.Collection.Requests.Take(3).ShouldBe(["list", "watch 5", "list"]);
    }

    [Fact]
    public async Task A_page_that_is_gone_makes_the_list_begin_anew_and_nothing_is_told_as_deleted_meanwhile()
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
        running.Told.ShouldBe([" -> a@1", " -> z@2"]);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(0)]
    public async Task A_watch_that_fails_goes_on_from_the_same_version_without_a_list(int code)
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null, "a@1"))
            .Watches(
                Lines(Modified("a@6")),
                code == 0 ? Broken : Answer.Status(code, "InternalError", "etcd is away"),
                OpenLines(Modified("a@7"))));

        await running.EndPauseAsync();
        await running.EndPauseAsync();
        await running.ToldAsync("a@6 -> a@7");

        running.Collection.Requests.ShouldBe(["list", "watch 5", "watch 6", "watch 6"]);
    }

    [Fact]
    public async Task An_error_other_than_gone_within_a_watch_goes_on_from_the_last_change()
    {
        const string error = """{"type":"ERROR","object":{"kind":"Status","code":500,"message":"etcd changed leader"}}""";
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null))
            .Watches(Lines(Added("a@6"), error), OpenLines(Added("b@7"))));

        await running.EndPauseAsync();
        await running.ToldAsync(" -> b@7");

        running.Collection.Requests.ShouldBe(["list", "watch 5", "watch 6"]);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("""{"type":"SURPRISE","object":{"metadata":{"name":"x","resourceVersion":"7"}}}""")]
    [InlineData("""{"type":"MODIFIED","object":{"metadata":{"name":["x"]}}}""")]
    public async Task A_line_that_cannot_be_read_leads_to_a_list(string line)
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null, "a@1"), Page("50", null, "b@40"))
            .Watches(Lines(line, Added("never@8"))));

        await running.EndPauseAsync();
        await running.ToldAsync(" -> b@40", "a@1 -> ");

        running.Told.ShouldNotContain(" -> never@8");
    }

    [Fact]
    public async Task A_watch_that_is_cut_within_a_line_goes_on_from_the_line_before()
    {
        var heard = new TaskCompletionSource();
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null))
            .Watches(CutLines(heard.Task, Added("b@7")[..^10], Added("a@6")), OpenLines(Added("b@7"))));
        await running.ToldAsync(" -> a@6");
        heard.SetResult();

        await running.EndPauseAsync();
        await running.ToldAsync(" -> b@7");

        running.Collection.Requests.ShouldBe(["list", "watch 5", "watch 6"]);
        running.Told.ShouldBe([" -> a@6", " -> b@7"]);
    }

    [Fact]
    public async Task Lists_again_after_a_watch_that_was_silent_when_its_time_was_over()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null, "a@1"), Page("50", null, "a@1", "b@40"))
            .Watches(SilentAsync));
        await running.WatchingAsync();

        running.Api.Time.Advance(TimeSpan.FromSeconds(640));
        await running.EndPauseAsync();
        await running.ToldAsync(" -> b@40");

        await running.RequestedAsync(4);
        running.Collection.Requests.ShouldBe(["list", "watch 5", "list", "watch 50"]);
    }

    [Fact]
    public async Task An_object_that_cannot_be_read_in_a_list_does_not_end_the_informer()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Answer.Json("""{"metadata":{},"items":[{"metadata":{"labels":5}}]}"""), Answer.Json("<html>"), Page("5", null, "a@1")));

        await running.EndPauseAsync();
        await running.EndPauseAsync();

        await running.ToldAsync(" -> a@1");
    }

    [Fact]
    public async Task Stopping_while_the_api_server_is_away_is_no_failure()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection().Lists(Broken));
        await Soon.UntilAsync("a pause", () => running.Api.Time.Waits.Count > 0 && running.Collection.Requests.Count == 1);

        await running.StopAsync();

        await Soon.WithinAsync(running.Run);
        running.Informer.HasSynced.ShouldBeFalse();
        running.Log.At(LogLevel.Warning).ShouldBeEmpty();
    }
}
