using k8s.Models;
using Microsoft.AspNetCore.Http;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Client;

/// <summary>Timeouts and cancellation of requests and watches.</summary>
public sealed class KubernetesClientTimeoutTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    [Fact]
    public async Task Times_out_after_30_seconds_without_a_response()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.NeverAsync);
        Task[] waiting = [api.Client.GetAsync<V1ConfigMap>("a", "shop", default), WatchAsync(api)];
        await Soon.UntilAsync("the requests", () => api.Server.Requests.Count == 2);

        api.Time.Advance(TimeSpan.FromSeconds(29));
        waiting.ShouldAllBe(task => !task.IsCompleted);
        api.Time.Advance(TimeSpan.FromSeconds(1));

        foreach (var task in waiting)
        {
            (await Should.ThrowAsync<TimeoutException>(() => Soon.WithinAsync(task))).Message.ShouldContain("30 seconds");
        }
    }

    [Fact]
    public async Task Times_out_when_a_response_does_not_end()
    {
        await using var api = await TestApi.StartAsync(certificates, BeginAsync);
        var waiting = api.Client.ListAsync<V1ConfigMap>(new ListOptions(), default);
        await Soon.UntilAsync("the response to start", () => api.Meters["rest_client_requests_total{method=GET,code=200}"] == 1);

        await Soon.UntilAsync("the timeout", () =>
        {
            api.Time.Advance(TimeSpan.FromSeconds(30));
            return waiting.IsCompleted;
        });

        await Should.ThrowAsync<TimeoutException>(() => waiting);
    }

    [Fact]
    public async Task A_watch_can_be_silent_for_longer_than_the_request_timeout()
    {
        var silent = new TaskCompletionSource();
        await using var api = await TestApi.StartAsync(certificates, async context =>
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await silent.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("""{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"1"}}}""" + "\n", context.RequestAborted);
        });
        var watching = WatchAsync(api);
        await Soon.UntilAsync("the watch to begin", () => api.Meters["rest_client_requests_total{method=GET,code=200}"] == 1 && api.Time.Waits.Count == 0);

        api.Time.Advance(TimeSpan.FromHours(1));
        silent.SetResult();

        (await Soon.WithinAsync(watching)).ShouldBe(["a@1"]);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Ends_a_watch_that_is_silent_past_its_timeout(string version)
    {
        await using var api = await TestApi.StartAsync(certificates, async context =>
        {
            await context.Response.WriteAsync(Line(1), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Answer.NeverAsync(context);
        }, new TestApiOptions { DisableHttp2 = version == "1.1" });
        List<string?> seen = [];
        var watching = WatchAsync(api, seen, new ListOptions { Timeout = TimeSpan.FromMinutes(5) });
        await Soon.UntilAsync("the first event", () => seen.Count == 1 && api.Time.Waits.Count == 1);

        api.Time.Advance(TimeSpan.FromSeconds(329));
        watching.IsCompleted.ShouldBeFalse();
        api.Time.Advance(TimeSpan.FromSeconds(1));

        await Should.ThrowAsync<WatchTimeoutException>(() => Soon.WithinAsync(watching));
        api.Server.Requests.ShouldHaveSingleItem().Protocol.ShouldBe(version == "2.0" ? "HTTP/2" : "HTTP/1.1");
    }

    [Fact]
    public async Task Does_not_end_a_watch_that_still_sends_events_past_its_timeout()
    {
        var next = new SemaphoreSlim(0);
        await using var api = await TestApi.StartAsync(certificates, async context =>
        {
            for (var number = 1; number <= 4; number++)
            {
                await context.Response.WriteAsync(Line(number), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await next.WaitAsync(context.RequestAborted);
            }
        });
        List<string?> seen = [];
        var watching = WatchAsync(api, seen, new ListOptions { Timeout = TimeSpan.FromMinutes(5) });
        await Soon.UntilAsync("the first event", () => seen.Count == 1);

        foreach (var (seconds, number) in new[] { (310, 2), (25, 3), (25, 4) })
        {
            api.Time.Advance(TimeSpan.FromSeconds(seconds));
            next.Release();
            await Soon.UntilAsync("the next event", () => seen.Count == number);
        }

        next.Release();
        await Soon.WithinAsync(watching);
        next.Dispose();
    }

    [Fact]
    public async Task Canceling_a_request_throws_OperationCanceledException()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.NeverAsync);
        using var giveUp = new CancellationTokenSource();
        var waiting = api.Client.GetAsync<V1ConfigMap>("a", "shop", giveUp.Token);
        await Soon.UntilAsync("the request", () => api.Server.Requests.Count == 1);

        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Soon.WithinAsync(waiting));
    }

    [Fact]
    public async Task Canceling_a_watch_ends_it_on_the_client_and_the_server()
    {
        var gone = new TaskCompletionSource();
        await using var api = await TestApi.StartAsync(certificates, async context =>
        {
            context.RequestAborted.Register(gone.SetResult);
            await context.Response.WriteAsync(Line(1), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Answer.NeverAsync(context);
        });
        using var giveUp = new CancellationTokenSource();
        List<string?> seen = [];
        var watching = WatchAsync(api, seen, new ListOptions(), giveUp.Token);
        await Soon.UntilAsync("the first event", () => seen.Count == 1);

        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Soon.WithinAsync(watching));
        await Soon.WithinAsync(gone.Task);
    }

    private static Task BeginAsync(HttpContext context) => BeginAsync(context, abort: false);

    private static async Task BeginAsync(HttpContext context, bool abort)
    {
        await context.Response.WriteAsync("""{"metadata":{},"items":[""", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        if (abort)
        {
            context.Abort();
        }

        await Answer.NeverAsync(context);
    }

    private static async Task<List<string?>> WatchAsync(TestApi api, CancellationToken cancellationToken = default)
    {
        List<string?> seen = [];
        await WatchAsync(api, seen, new ListOptions(), cancellationToken);
        return seen;
    }

    private static async Task WatchAsync(
        TestApi api, List<string?> seen, ListOptions options, CancellationToken cancellationToken = default)
    {
        await foreach (var change in api.Client.WatchAsync<V1ConfigMap>(options, cancellationToken))
        {
            seen.Add(change.Entity.Text());
        }
    }

    private static string Line(int version) =>
        $$$"""{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"{{{version}}}"} } }""" + "\n";
}
