using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Wayleave.Kubernetes.Client;
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
        var error = await Should.ThrowAsync<KubernetesException>(() => api.Client.CreateAsync(Given.ConfigMap("a"), default));
        error.IsNotFound.ShouldBeTrue();
    }

    [Theory]
    [InlineData(409, "Conflict", "IsConflict")]
    [InlineData(403, "Forbidden", "IsForbidden")]
    [InlineData(410, "Expired", "IsGone")]
    [InlineData(410, "Gone", "IsGone")]
    [InlineData(422, "Invalid", "")]
    [InlineData(500, "InternalError", "")]
    public async Task A_refusal_is_an_exception_that_says_why(int code, string reason, string kind)
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Status(code, reason, "because \"of\" this"));

        var error = await Should.ThrowAsync<KubernetesException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));

        ((int)error.StatusCode, error.Status.Reason, error.Status.Message).ShouldBe((code, reason, "because \"of\" this"));
        error.Message.ShouldBe($"{code} {reason}: because \"of\" this");
        error.IsConflict.ShouldBe(kind == "IsConflict");
        error.IsForbidden.ShouldBe(kind == "IsForbidden");
        error.IsGone.ShouldBe(kind == "IsGone");
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
    public async Task An_empty_answer_cannot_be_read()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json("null"));

        await Should.ThrowAsync<JsonException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));
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
