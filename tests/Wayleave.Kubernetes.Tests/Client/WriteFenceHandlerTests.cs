using System.Net;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Client;

public sealed class WriteFenceHandlerTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    private const string Map = """{"metadata":{"name":"a","resourceVersion":"1"}}""";

    [Fact]
    public async Task A_closed_fence_allows_reads_and_blocks_writes()
    {
        await using var api = await StartAsync(Answer.Json(Map), () => false);
        var patch = new V1Patch("{}", V1Patch.PatchType.MergePatch);

        await api.Client.GetAsync<V1ConfigMap>("a", "shop", default);
        await Should.ThrowAsync<WriteFencedException>(() => api.Client.CreateAsync(Given.ConfigMap("a"), default));
        await Should.ThrowAsync<WriteFencedException>(() => api.Client.PatchStatusAsync<V1ConfigMap>("a", "shop", patch, default));
        await Should.ThrowAsync<WriteFencedException>(() => api.Client.ApplyStatusAsync(Given.ConfigMap("a"), "wayleave", dryRun: false, default));
        await Should.ThrowAsync<WriteFencedException>(() => api.Client.PatchAsync<V1ConfigMap>("a", "shop", patch, default));
        await Should.ThrowAsync<WriteFencedException>(() => api.Client.DeleteAsync<V1ConfigMap>("a", "shop", null, default));

        api.Server.Requests.ShouldHaveSingleItem().Method.ShouldBe("GET");
    }

    [Fact]
    public async Task Checks_the_fence_before_every_write()
    {
        var open = true;
        await using var api = await StartAsync(Answer.Json(Map), () => open);

        await api.Client.CreateAsync(Given.ConfigMap("a"), default);
        open = false;
        await Should.ThrowAsync<WriteFencedException>(() => api.Client.CreateAsync(Given.ConfigMap("a"), default));
        open = true;
        await api.Client.CreateAsync(Given.ConfigMap("a"), default);

        api.Server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Blocks_the_retry_of_a_write_if_the_fence_closes_meanwhile()
    {
        var open = true;
        await using var api = await StartAsync(BusyAsync, () => open);
        var writing = api.Client.CreateAsync(Given.ConfigMap("a"), default);
        await Soon.UntilAsync("the wait", () => api.Time.Waits.Contains(TimeSpan.FromSeconds(3)));

        open = false;
        api.Time.Advance(TimeSpan.FromSeconds(3));

        await Should.ThrowAsync<WriteFencedException>(() => Soon.WithinAsync(writing));
        api.Server.Requests.Count.ShouldBe(1);
    }

    private static Task BusyAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "3";
        return Answer.StatusAsync(context, (int)HttpStatusCode.TooManyRequests, "TooManyRequests", "busy");
    }

    private Task<TestApi> StartAsync(RequestDelegate answer, Func<bool> mayWrite) =>
        TestApi.StartAsync(certificates, answer, new TestApiOptions { MayWrite = mayWrite });
}
