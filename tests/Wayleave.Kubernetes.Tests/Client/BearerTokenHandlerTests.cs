using System.Net;
using Microsoft.AspNetCore.Http;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Client;

public sealed class BearerTokenHandlerTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    [Fact]
    public async Task Every_request_carries_the_token()
    {
        var tokens = new FakeTokens("one", "two");
        await using var api = await StartAsync(tokens, "Bearer one");

        await api.Client.GetAsync<V1ConfigMap>("a", "shop", default);
        await api.Client.GetAsync<V1ConfigMap>("a", "shop", default);

        api.Server.Requests.Select(request => request.Authorization).ShouldBe(["Bearer one", "Bearer one"]);
        tokens.Refreshes.ShouldBe(0);
    }

    [Fact]
    public async Task A_token_that_was_refused_is_asked_for_anew_and_the_whole_request_sent_again()
    {
        var tokens = new FakeTokens("one", "two");
        await using var api = await StartAsync(tokens, "Bearer two");

        await api.Client.ApplyAsync(Given.ConfigMap("a"), force: true, default);

        api.Server.Requests.Select(request => request.Authorization).ShouldBe(["Bearer one", "Bearer two"]);
        api.Server.Requests[1].Body.ShouldBe(api.Server.Requests[0].Body);
        api.Server.Requests[1].Body.ShouldContain("uid-a");
    }

    [Fact]
    public async Task A_refusal_stands_when_there_is_no_newer_token()
    {
        await using var api = await StartAsync(new StaticTokenProvider("one"), "Bearer two");

        var error = await Should.ThrowAsync<KubernetesException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));

        error.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        error.Status.Message.ShouldBe("who?");
        api.Server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_newer_token_that_is_refused_too_is_tried_once()
    {
        var tokens = new FakeTokens("one", "two");
        await using var api = await StartAsync(tokens, "Bearer three");

        await Should.ThrowAsync<KubernetesException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));

        api.Server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_token_that_expires_is_replaced_by_the_one_on_disk_without_a_failure()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "one\n");
        var valid = "Bearer one";
        await using var api = await TestApi.StartAsync(
            certificates,
            context => CheckAsync(context, valid),
            new TestApiOptions { Tokens = new FileTokenProvider(path, new ManualTimeProvider()) });
        await api.Client.GetAsync<V1ConfigMap>("a", "shop", default);

        await File.WriteAllTextAsync(path, "two\n");
        valid = "Bearer two";
        await api.Client.GetAsync<V1ConfigMap>("a", "shop", default);

        api.Server.Requests.Select(request => request.Authorization).ShouldBe(["Bearer one", "Bearer one", "Bearer two"]);
        File.Delete(path);
    }

    [Fact]
    public async Task A_token_that_cannot_be_read_is_a_failure_to_reach_the_api_server()
    {
        await using var api = await StartAsync(new FileTokenProvider("/nowhere/token", new ManualTimeProvider()), "Bearer one");

        await Should.ThrowAsync<HttpRequestException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));
        await Should.ThrowAsync<HttpRequestException>(() => api.Client.ListAsync<V1ConfigMap>(new ListOptions(), default));
        api.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_that_cannot_be_sent_is_not_shown()
    {
        await using var api = await StartAsync(new FakeTokens("c4n4ry\nX-Remote-User: admin", "c4n4ry é"), "Bearer one");

        var error = await Should.ThrowAsync<HttpRequestException>(() => api.Client.GetVersionAsync(default));

        error.ToString().ShouldNotContain("c4n4ry");
    }

    private static Task CheckAsync(HttpContext context, string valid) => context.Request.Headers.Authorization == valid
        ? Answer.SendAsync(context, """{"metadata":{"name":"a","resourceVersion":"1"}}""")
        : Answer.StatusAsync(context, 401, "Unauthorized", "who?");

    private Task<TestApi> StartAsync(ITokenProvider tokens, string valid) =>
        TestApi.StartAsync(certificates, context => CheckAsync(context, valid), new TestApiOptions { Tokens = tokens });
}
