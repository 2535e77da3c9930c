using Microsoft.AspNetCore.Http;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Client;

/// <summary>What the client makes of answers, good and bad.</summary>
public sealed class KubernetesClientAnswerTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    [Fact]
    public async Task What_is_not_there_is_null_to_get_and_false_to_delete()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Status(404, "NotFound", "configmaps \"a\" not found"));

        (await api.Client.GetAsync<V1ConfigMap>("a", "shop", default)).ShouldBeNull();
        (await api.Client.DeleteAsync<V1ConfigMap>("a", "shop", null, default)).ShouldBeFalse();
        var error = await Should.ThrowAsync<KubernetesException>(() => api.Client.ApplyAsync(Given.ConfigMap("a"), true, default));
        error.IsNotFound.ShouldBeTrue();
    }

    [Theory]
    [InlineData(409, "Conflict", nameof(KubernetesException.IsConflict))]
    [InlineData(403, "Forbidden", nameof(KubernetesException.IsForbidden))]
    [InlineData(410, "Expired", nameof(KubernetesException.IsGone))]
    [InlineData(410, "Gone", nameof(KubernetesException.IsGone))]
    [InlineData(422, "Invalid", "")]
    [InlineData(500, "InternalError", "")]
    public async Task A_refusal_is_an_exception_that_says_why(int code, string reason, string kind)
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Status(code, reason, "because \"of\" this"));

        var error = await Should.ThrowAsync<KubernetesException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));

        ((int)error.StatusCode, error.Status.Reason, error.Status.Message).ShouldBe((code, reason, "because \"of\" this"));
        error.Message.ShouldBe($"{code} {reason}: because \"of\" this");
        error.IsConflict.ShouldBe(kind == nameof(KubernetesException.IsConflict));
        error.IsForbidden.ShouldBe(kind == nameof(KubernetesException.IsForbidden));
        error.IsGone.ShouldBe(kind == nameof(KubernetesException.IsGone));
    }

    [Theory]
    [InlineData(502, "<html>Bad gateway</html>", "502 BadGateway: Bad Gateway")]
    [InlineData(500, "", "500 InternalServerError: Internal Server Error")]
    [InlineData(504, "[1,2]", "504 GatewayTimeout: Gateway Timeout")]
    [InlineData(599, "{\"message\":5}", "599 599: ")]
    [InlineData(403, "{\"message\":\"cut of", "403 Forbidden: Forbidden")]
    public async Task An_error_in_other_words_than_the_api_servers_still_has_its_code(int code, string body, string message)
    {
        await using var api = await TestApi.StartAsync(certificates, context => Answer.SendAsync(context, body, code, "text/html"));

        var error = await Should.ThrowAsync<KubernetesException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));

        ((int)error.StatusCode).ShouldBe(code);
        error.Message.ShouldBe(message);
    }

    [Fact]
    public async Task An_empty_answer_is_an_error_of_the_api_server()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json("null"));

        await Should.ThrowAsync<KubernetesException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));
    }

    [Fact]
    public async Task An_api_server_that_does_not_answer_in_time_is_a_timeout()
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
    public async Task An_answer_that_does_not_end_in_time_is_a_timeout()
    {
        await using var api = await TestApi.StartAsync(certificates, BeginAsync);
        var waiting = api.Client.ListAsync<V1ConfigMap>(new ListOptions(), default);
        await Soon.UntilAsync("the answer to begin", () => api.Meters["rest_client_requests_total{method=GET,code=200}"] == 1);

        await Soon.UntilAsync("the timeout", () =>
        {
            api.Time.Advance(TimeSpan.FromSeconds(30));
            return waiting.IsCompleted;
        });

        await Should.ThrowAsync<TimeoutException>(() => waiting);
    }

    [Fact]
    public async Task A_watch_may_be_silent_for_longer_than_a_request_may_take()
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

    [Fact]
    public async Task A_caller_that_gives_up_gets_a_cancellation()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.NeverAsync);
        using var giveUp = new CancellationTokenSource();
        var waiting = api.Client.GetAsync<V1ConfigMap>("a", "shop", giveUp.Token);
        await Soon.UntilAsync("the request", () => api.Server.Requests.Count == 1);

        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Soon.WithinAsync(waiting));
    }

    [Fact]
    public async Task A_watch_that_is_given_up_ends_on_both_sides()
    {
        var gone = new TaskCompletionSource();
        await using var api = await TestApi.StartAsync(certificates, async context =>
        {
            context.RequestAborted.Register(gone.SetResult);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Answer.NeverAsync(context);
        });
        using var giveUp = new CancellationTokenSource();
        var watching = WatchAsync(api, giveUp.Token);
        await Soon.UntilAsync("the request", () => api.Server.Requests.Count == 1);

        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Soon.WithinAsync(watching));
        await Soon.WithinAsync(gone.Task);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_a_failure_to_reach_the_api_server()
    {
        await using var api = await TestApi.StartAsync(certificates, async context =>
        {
            await BeginAsync(context, abort: true);
        });

        await Should.ThrowAsync<HttpRequestException>(() => api.Client.ListAsync<V1ConfigMap>(new ListOptions(), default));
    }

    [Fact]
    public async Task A_server_that_is_not_there_cannot_be_reached()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.NeverAsync);
        await api.Server.DisposeAsync();

        await Should.ThrowAsync<HttpRequestException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));
    }

    [Theory]
    [InlineData("""{"resources":[{"name":"configmaps"},{"name":"configmaps/status"}]}""", 200, true)]
    [InlineData("""{"resources":[{"name":"secrets"}]}""", 200, false)]
    [InlineData("""{}""", 200, false)]
    [InlineData("""{"kind":"Status","code":404}""", 404, false)]
    public async Task A_kind_is_served_if_its_group_lists_it(string answer, int code, bool served)
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(answer, code));

        (await api.Client.IsServedAsync<V1ConfigMap>(default)).ShouldBe(served);

        api.Request.Path.ShouldBe("/api/v1");
    }

    [Fact]
    public async Task The_version_is_the_api_servers()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json("""{"major":"1","minor":"36+","gitVersion":"v1.36.2"}"""));

        var version = await api.Client.GetVersionAsync(default);

        (version.Major, version.Minor, version.GitVersion, api.Request.Path).ShouldBe(("1", "36+", "v1.36.2", "/version"));
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
        await foreach (var change in api.Client.WatchAsync<V1ConfigMap>(new ListOptions(), cancellationToken))
        {
            seen.Add(change.Entity.Text());
        }

        return seen;
    }
}
