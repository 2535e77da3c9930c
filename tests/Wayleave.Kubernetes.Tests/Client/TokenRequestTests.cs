using System.Text.Json;
using System.Text.Json.Nodes;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Client;

public sealed class TokenRequestTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    private static readonly TestApiOptions _readOnly = new() { MayWrite = () => false };

    [Fact]
    public async Task Requests_a_token_while_writes_are_not_allowed()
    {
        await using var api = await TestApi.StartAsync(
            certificates, Answer.Json("""{"kind":"TokenRequest","status":{"expirationTimestamp":"2026-01-01T00:00:00Z","token":"abc"}}"""), _readOnly);

        (await RequestAsync(api)).ShouldBe("abc");

        (api.Request.Method, api.Request.Path).ShouldBe(("POST", "/api/v1/namespaces/wayleave-system/serviceaccounts/reader/token"));
        JsonNode.DeepEquals(
            JsonNode.Parse(api.Request.Body),
            JsonNode.Parse(
                """
                {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"audiences": ["wayleave-events"], "expirationSeconds": 600}}
                """)).ShouldBeTrue(api.Request.Body);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"status":{"token":""}}""")]
    public async Task An_answer_without_a_token_is_an_error(string answer)
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(answer), _readOnly);

        await Should.ThrowAsync<JsonException>(() => RequestAsync(api));
    }

    [Fact]
    public async Task Sends_the_headers_of_a_text_that_is_read()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json("[]"));
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["X-Token"] = "Bearer abc" };

        (await api.Connection.ReadTextAsync("api/v1/pods/https:a:1/proxy/x?y=z", headers, 10, default)).ShouldBe("[]");

        (api.Request.Path, api.Request.Query, api.Request.Headers["X-Token"]).ShouldBe(("/api/v1/pods/https:a:1/proxy/x", "?y=z", "Bearer abc"));
    }

    private static Task<string> RequestAsync(TestApi api) => api.Connection.RequestTokenAsync(
        new NamespacedName("wayleave-system", "reader"), "wayleave-events", TimeSpan.FromMinutes(10), default);
}
