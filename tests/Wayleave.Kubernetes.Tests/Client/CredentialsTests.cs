using System.Net;
using k8s;
using k8s.Authentication;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Client;

public sealed class CredentialsTests(TestCertificates certificates) : IClassFixture<TestCertificates>, IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Every_request_carries_the_token()
    {
        await using var api = await StartAsync(new TestApiOptions { Token = "one" }, () => "Bearer one");

        await api.Client.GetAsync<V1ConfigMap>("a", "shop", default);
        await api.Client.GetAsync<V1ConfigMap>("a", "shop", default);

        api.Server.Requests.Select(request => request.Authorization).ShouldBe(["Bearer one", "Bearer one"]);
    }

    [Fact]
    public async Task Rereads_a_rejected_token_and_resends_the_whole_request()
    {
        var valid = "Bearer one";
        await File.WriteAllTextAsync(_path, "one\n");
        await using var api = await StartAsync(new TestApiOptions { TokenFile = _path }, () => valid);
        await api.Client.CreateAsync(Given.ConfigMap("a"), default);

        await File.WriteAllTextAsync(_path, "two\n");
        valid = "Bearer two";
        await api.Client.CreateAsync(Given.ConfigMap("a"), default);

        api.Server.Requests.Select(request => request.Authorization).ShouldBe(["Bearer one", "Bearer one", "Bearer two"]);
        api.Server.Requests[2].Body.ShouldBe(api.Server.Requests[1].Body);
        api.Server.Requests[2].Body.ShouldContain("uid-a");
    }

    [Fact]
    public async Task Fails_with_401_when_there_is_no_newer_token()
    {
        await using var api = await StartAsync(new TestApiOptions { Token = "one" }, () => "Bearer two");

        var error = await Should.ThrowAsync<KubernetesException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));

        error.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        error.Status.Message.ShouldBe("who?");
        api.Server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Tries_a_newer_token_at_most_once()
    {
        await File.WriteAllTextAsync(_path, "one");
        await using var api = await StartAsync(new TestApiOptions { TokenFile = _path }, () => "Bearer three");
        await File.WriteAllTextAsync(_path, "two");

        await Should.ThrowAsync<KubernetesException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));

        api.Server.Requests.Count.ShouldBeLessThanOrEqualTo(2);
    }

    [Theory]
    [InlineData("/nowhere/token")]
    [InlineData("/")]
    public async Task Throws_HttpRequestException_and_sends_nothing_when_the_token_cannot_be_read(string path)
    {
        await using var api = await StartAsync(new TestApiOptions { TokenFile = path }, () => "Bearer one");

        await Should.ThrowAsync<HttpRequestException>(() => api.Client.GetAsync<V1ConfigMap>("a", "shop", default));
        await Should.ThrowAsync<HttpRequestException>(() => api.Client.ListAsync<V1ConfigMap>(new ListOptions(), default));
        api.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Does_not_repeat_an_invalid_token_in_the_error()
    {
        await File.WriteAllTextAsync(_path, "c4n4ry\nX-Remote-User: admin");
        await using var api = await StartAsync(new TestApiOptions { TokenFile = _path }, () => "Bearer one");

        var error = await Should.ThrowAsync<HttpRequestException>(() => api.Client.GetVersionAsync(default));

        error.Message.ShouldNotContain("c4n4ry");
        api.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keeps_the_last_token_while_the_file_is_missing_or_empty()
    {
        var inner = new FakeTokens { Token = "one" };
        var tokens = new CachingTokenProvider(inner);
        await Should.NotThrowAsync(() => tokens.GetAuthenticationHeaderAsync(default));

        inner.Token = null;
        (await tokens.GetAuthenticationHeaderAsync(default)).Parameter.ShouldBe("one");
        inner.Token = "";
        (await tokens.GetAuthenticationHeaderAsync(default)).Parameter.ShouldBe("one");
        inner.Token = "two";
        (await tokens.GetAuthenticationHeaderAsync(default)).Parameter.ShouldBe("two");
        await Should.ThrowAsync<IOException>(() => new CachingTokenProvider(new FakeTokens { Token = "" }).GetAuthenticationHeaderAsync(default));
    }

    [Fact]
    public async Task Runs_the_exec_plugin_again_when_its_token_is_rejected()
    {
        using var folder = new KubeConfigFolder(certificates);
        folder.Write("made", "one");
        var program = folder.WriteProgram(
            "plugin",
            $$$"""printf '{"apiVersion":"client.authentication.k8s.io/v1","status":{"token":"%s"}}' "$(cat {{{folder.PathOf("made")}}})" """);
        var valid = "Bearer one";
        await using var server = await FakeApiServer.StartAsync(context => CheckAsync(context, valid), certificates);
        using var meters = new FakeMeters();
        var source = folder.Read(
            $"server: '{server.Address}', certificate-authority: ca.crt", $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: {program}}}");
        using var connection = new ApiServerConnection(
            source, new KubernetesClientOptions { FieldManager = "wayleave" }, meters.Metrics(), folder.Time);
        var client = new KubernetesClient(connection, Given.Registry, new KubernetesClientOptions { FieldManager = "wayleave" });
        await client.GetAsync<V1ConfigMap>("a", "shop", default);

        folder.Write("made", "two");
        valid = "Bearer two";
        folder.Time.Advance(TimeSpan.FromSeconds(11));
        await client.GetAsync<V1ConfigMap>("a", "shop", default);

        server.Requests.Select(request => request.Authorization).ShouldBe(["Bearer one", "Bearer one", "Bearer two"]);
    }

    private static Task CheckAsync(HttpContext context, string valid) => context.Request.Headers.Authorization == valid
        ? Answer.SendAsync(context, """{"metadata":{"name":"a","resourceVersion":"1"}}""")
        : Answer.StatusAsync(context, 401, "Unauthorized", "who?");

    private Task<TestApi> StartAsync(TestApiOptions options, Func<string> valid) =>
        TestApi.StartAsync(certificates, context => CheckAsync(context, valid()), options);

    private sealed class FakeTokens : ITokenProvider
    {
        public string? Token { get; set; }

        public Task<System.Net.Http.Headers.AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
            Token is null ? throw new FileNotFoundException() : Task.FromResult(new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", Token));
    }
}
