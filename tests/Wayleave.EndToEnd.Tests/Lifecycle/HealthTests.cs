using System.Net;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>The answers of the probe port and of the metrics port.</summary>
[Collection(ProcessCollection.Name)]
public sealed class HealthTests(LifecycleCluster lifecycle) : IDisposable
{
    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Is_healthy_but_not_ready_until_it_reaches_the_API_server()
    {
        await using var proxy = TcpProxy.Start(lifecycle.Cluster.ControlPlane.Server);
        proxy.Refuse();
        await using var scene = await lifecycle.SetAsync();
        var running = await scene.StartAsync(kubeconfig: await lifecycle.Cluster.ControlPlane.WriteKubeconfigAsync(proxy.Address));
        await running.WaitForLogAsync(LogEvent.Waiting);

        var (status, text) = await AskAsync(running.Probes!, "/readyz");
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        text.ShouldStartWith($"waiting: the API server at {proxy.Address} is not available");
        (await AskAsync(running.Probes!, "/healthz")).ShouldBe((HttpStatusCode.OK, "ok\n"));
        (await AskAsync(running.Metrics!, "/metrics")).Status.ShouldBe(HttpStatusCode.OK);

        proxy.Accept();
        await running.WaitUntilReadyAsync();
        (await AskAsync(running.Probes!, "/readyz")).ShouldBe((HttpStatusCode.OK, "ok\n"));
        running.Lines().Count(LogEvent.Waiting.IsIn).ShouldBe(1);
    }

    [Fact]
    public async Task Each_port_serves_only_its_own_paths()
    {
        await using var scene = await lifecycle.SetAsync();
        var running = await scene.StartReadyAsync();

        (await AskAsync(running.Probes!, "/healthz")).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(running.Metrics!, "/metrics")).Text.ShouldContain("# TYPE workqueue_depth gauge");
        foreach (var path in new[] { "/", "/metrics", "/healthz/", "/readyz/x", "/%6Detrics" })
        {
            (await AskAsync(running.Probes!, path)).ShouldBe((HttpStatusCode.NotFound, "not found\n"), path);
        }

        foreach (var path in new[] { "/", "/healthz", "/readyz", "/metrics/" })
        {
            (await AskAsync(running.Metrics!, path)).ShouldBe((HttpStatusCode.NotFound, "not found\n"), path);
        }
    }

    [Fact]
    public async Task A_standby_is_ready()
    {
        await using var scene = await lifecycle.SetAsync();
        var leader = await scene.StartReadyAsync("--leader-elect");
        await leader.WaitForLogAsync(LogEvent.BecameLeader);

        var standby = await scene.StartReadyAsync("--leader-elect");

        standby.Lines().ShouldNotContain(line => LogEvent.BecameLeader.IsIn(line));
        (await AskAsync(standby.Probes!, "/readyz")).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(standby.Probes!, "/healthz")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(Uri port, string path)
    {
        using var answer = await _http.GetAsync(new Uri(port, path));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
