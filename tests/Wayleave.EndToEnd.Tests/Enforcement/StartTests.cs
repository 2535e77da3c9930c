using System.Net;
using System.Security.Cryptography.X509Certificates;
using k8s.Models;
using Wayleave.Api;
using Wayleave.EndToEnd.Tests.Lifecycle;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>Operators that start when something is missing, down, or invalid.</summary>
[Collection(ProcessCollection.Name)]
public sealed class StartTests(LifecycleCluster lifecycle)
{
    private const string Calls = "[{kubernetes: {name: cart}}]";

    private readonly TestCluster _cluster = lifecycle.Cluster;

    [Fact]
    public async Task Waits_for_an_API_server_that_is_down_and_then_enforces()
    {
        await using var proxy = TcpProxy.Start(_cluster.ControlPlane.Server);
        await using var scene = await lifecycle.SetAsync();
        await scene.DeployAsync("cart", "checkout");
        proxy.Refuse();
        var running = await scene.StartAsync(kubeconfig: await _cluster.ControlPlane.WriteKubeconfigAsync(proxy.Address));

        var waiting = await running.WaitForLogAsync(LogEvent.Waiting);
        waiting.Level.ShouldBe("Warning");
        waiting.Message.ShouldContain($"{proxy.Address}");
        var (status, text) = await AskAsync(running, "/readyz");
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        text.ShouldStartWith($"waiting: the API server at {proxy.Address} is not available");
        (await AskAsync(running, "/healthz")).ShouldBe((HttpStatusCode.OK, "ok\n"));
        await scene.DeclareAsync("checkout", Calls);

        proxy.Accept();
        await running.WaitUntilReadyAsync();
        await _cluster.UntilEnforcedAsync(scene.Namespace, "checkout");
        running.HasExited.ShouldBeFalse();
        running.Lines().Count(LogEvent.Waiting.IsIn).ShouldBe(1, "it is logged once a minute, not once per attempt");
    }

    [Theory]
    [InlineData("--namespace")]
    [InlineData("--watch-namespace")]
    public async Task Waits_for_a_missing_namespace_and_names_its_flag(string flag)
    {
        await using var scene = await lifecycle.SetAsync();
        var missing = $"missing-{scene.Home}";
        string[] own = flag == "--namespace" ? [] : ["--namespace", scene.Home];
        var settings = new OperatorSettings
        {
            Arguments = [.. own, flag, missing, "--clusters=false", "--leader-elect", "--telemetry-flush-interval=1s"],
        };
        await using var running = await OperatorProcess.StartAsync(_cluster.ControlPlane.KubeconfigPath, settings);
        await Poll.UntilAsync(
            "the operator to say what it waits for",
            async _ => (await AskAsync(running, "/readyz")).Body,
            body => body == $"waiting: {flag}: there is no namespace \"{missing}\"; create it, or give the name of one that exists\n",
            Poll.Patience,
            CancellationToken.None);
        (await AskAsync(running, "/healthz")).Status.ShouldBe(HttpStatusCode.OK);
        running.Lines().Where(line => line.Level != "Information").ShouldHaveSingleItem().Level.ShouldBe("Warning");

        await _cluster.CreateNamespaceAsync(missing);
        await running.WaitUntilReadyAsync();
        running.Lines().Where(line => line.Level != "Information").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Retries_discovery_when_the_API_server_fails()
    {
        var plane = _cluster.ControlPlane;
        await using var scene = await lifecycle.SetAsync();
        await scene.DeployAsync("cart", "checkout");
        await scene.DeclareAsync("checkout", Calls);
        var account = await ServiceAccount.CreateAsync(plane, scene.Home, "asks-again");
        await using var proxy = await FaultProxy.StartAsync(plane.Server, X509Certificate2.CreateFromPem(await plane.AuthorityAsync()));
        proxy.Set(context => context.Request.Path == "/apis/batch/v1" ? ApiFault.Refused(503) : null);
        var running = await scene.StartAsync(kubeconfig: await account.WriteKubeconfigAsync(plane, proxy.Address, proxy.Authority));
        (await running.WaitForLogAsync(LogEvent.Waiting)).Message.ShouldContain("so the proxy says");

        proxy.Set(_ => null);
        await _cluster.UntilEnforcedAsync(scene.Namespace, "checkout");
        running.HasExited.ShouldBeFalse();
    }

    [Fact]
    public async Task Stops_while_waiting_for_the_API_server()
    {
        await using var proxy = TcpProxy.Start(_cluster.ControlPlane.Server);
        await using var scene = await lifecycle.SetAsync();
        proxy.Refuse();
        var running = await scene.StartAsync(kubeconfig: await _cluster.ControlPlane.WriteKubeconfigAsync(proxy.Address));
        await running.WaitForLogAsync(LogEvent.Waiting);
        (await running.StopAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        running.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task An_invalid_telemetry_switch_turns_telemetry_off_and_the_operator_still_enforces()
    {
        await using var scene = await lifecycle.SetAsync();
        await scene.DeployAsync("cart", "checkout");
        await scene.DeclareAsync("checkout", Calls);
        var running = await scene.StartAsync(new OperatorSettings
        {
            Arguments = ["--telemetry-flush-interval=1s"],
            Environment = new Dictionary<string, string> { ["WAYLEAVE_TELEMETRY_ENABLED"] = "maybe" },
        });

        var complaint = running.Lines().Where(line => line.Level == "Error").ShouldHaveSingleItem();
        complaint.Message.ShouldStartWith("WAYLEAVE_TELEMETRY_ENABLED is neither true nor false");
        running.Lines().ShouldContain(line => line.Message.StartsWith("Telemetry is off", StringComparison.Ordinal));
        await _cluster.UntilEnforcedAsync(scene.Namespace, "checkout");
        await running.StopAsync();
        (await _cluster.Client.GetAsync<V1ConfigMap>("wayleave-telemetry", scene.Home, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Repeats_no_Event_after_a_restart()
    {
        await using var scene = await lifecycle.SetAsync();
        await scene.DeployAsync("cart", "checkout");
        var first = await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}, {kubernetes: {name: orders}}]");
        await _cluster.UntilIntentsAsync(scene.Namespace, "checkout", "False", Reasons.WorkloadNotFound);
        await UntilEventAsync(scene, "checkout", "Warning WorkloadNotFound");
        await first.KillAsync();

        await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);
        await _cluster.ApplyAsync(Yaml.Intents(scene.Namespace, "checkout", "[{kubernetes: {name: nobody}}]", "marker"));
        await UntilEventAsync(scene, "marker", "Warning WorkloadNotFound");
        (await _cluster.EventsAsync(scene.Namespace, "checkout")).Count(one => one == "Warning WorkloadNotFound").ShouldBe(1);
    }

    private Task UntilEventAsync(Scene scene, string name, string wanted) => Poll.UntilAsync(
        $"the Event {wanted} about {name}",
        async _ => (await _cluster.EventsAsync(scene.Namespace, name)).Contains(wanted),
        Poll.Patience,
        CancellationToken.None);

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(OperatorProcess running, string path)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(running.Probes!, path));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
