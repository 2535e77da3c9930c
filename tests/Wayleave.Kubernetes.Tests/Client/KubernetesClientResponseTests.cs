using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Client;

/// <summary>How the client reads responses and errors.</summary>
public sealed class KubernetesClientResponseTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    [Fact]
    public async Task On_404_Get_returns_null_Delete_returns_false_and_Create_throws()
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
    public async Task Throws_an_exception_with_the_code_reason_and_message_of_an_error(int code, string reason, string kind)
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Status(code, reason, "because \"of\" this"));

        var error = await Should.ThrowAsync<KubernetesException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));

        ((int)error.StatusCode, error.Status.Reason, error.Status.Message).ShouldBe((code, reason, "because \"of\" this"));
        error.Message.ShouldBe($"{code} {reason}: because \"of\" this");
        error.ForeignBody.ShouldBeNull();
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
    public async Task Keeps_the_code_of_an_error_without_a_valid_Status(int code, string body, string message)
    {
        await using var api = await TestApi.StartAsync(certificates, context => Answer.SendAsync(context, body, code, "text/html"));

        var error = await Should.ThrowAsync<KubernetesException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));

        ((int)error.StatusCode).ShouldBe(code);
        error.Message.ShouldBe(message);
        error.ForeignBody.ShouldBe(body);
    }

    [Fact]
    public async Task Throws_JsonException_for_a_response_of_null()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json("null"));

        await Should.ThrowAsync<JsonException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));
    }

    [Fact]
    public async Task Throws_HttpRequestException_when_the_connection_breaks()
    {
        await using var api = await TestApi.StartAsync(certificates, async context =>
        {
            await BeginAsync(context, abort: true);
        });

        await Should.ThrowAsync<HttpRequestException>(() => api.Client.ListAsync<V1ConfigMap>(new ListOptions(), default));
    }

    [Fact]
    public async Task Throws_HttpRequestException_when_the_server_is_down()
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
    public async Task Returns_the_version_of_the_API_server()
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
