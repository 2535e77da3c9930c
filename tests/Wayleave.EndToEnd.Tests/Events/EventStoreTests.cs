using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using k8s.Models;
using Wayleave.Api;
using Wayleave.EndToEnd.Tests.Cli;
using Wayleave.EndToEnd.Tests.Telemetry;
using Wayleave.EventStore.Events;
using Wayleave.Kubernetes;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Events;

/// <summary>The event store of the program, queried as programs in the cluster do and as people do.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class EventStoreTests(TelemetryCluster cluster) : IDisposable
{
    private const string CartPolicy = "wayleave-deployment-cart-ingress";

    private readonly string _directory = Directory.CreateTempSubdirectory("wayleave-events").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Tells_the_story_of_an_edit_under_the_IDs_of_the_log_and_the_Events_also_after_a_restart()
    {
        await using var stage = await cluster.SetAsync();
        var reader = await StoredEvents.AllowAsync(stage.Scene);
        var running = await StartAsync(stage);

        // Last comes the Deployment of the target, because only the reconcile of the policy enqueues the status then.
        await stage.Scene.DeployAsync("caller-of-cart");
        await stage.Scene.DeclareAsync("caller-of-cart", "[{kubernetes: {name: cart}}]");
        await stage.Scene.Cluster.WaitForAsync<ClientIntents>(
            "cart to be missed", stage.Scene.Namespace, "caller-of-cart", found => found.Status?.Targets is [{ Reason: Reasons.WorkloadNotFound }]);
        await stage.Scene.DeployAsync("cart");
        await stage.WaitForAsync("INTENTS_APPLIED", 1);
        await stage.Scene.Cluster.Client.DeleteAsync<V1NetworkPolicy>(CartPolicy, stage.Scene.Namespace, preconditions: null, default);
        var restored = await reader.UntilAsync(running, "type=policy_restored");
        await running.StopAsync();

        var again = await StartAsync(stage);
        var page = await reader.UntilAsync(again, "limit=1000", events => events.Count(found => found.Type == "leadership_gained") == 2);
        page.Select(found => found.Type).ShouldBeSubsetOf(EventCatalog.All.Select(type => type.Name));
        foreach (var type in new[]
        {
            "process_started", "caches_synced", "leadership_gained", "policy_created", "condition_changed", "telemetry_sent", "policy_restored",
            "leadership_lost", "process_stopped",
        })
        {
            page.ShouldContain(found => found.Type == type);
        }

        page.Select(found => found.Time).ShouldBeInOrder(SortDirection.Descending);
        page.Where(found => found.Type == "telemetry_sent").ShouldContain(found => found.Payload.GetRawText().IndexOf("failure", StringComparison.Ordinal) < 0);

        var created = page.Single(found => found.Type == "policy_created" && found.Subjects.Contains(Subject(stage, "clientintents", "caller-of-cart")));
        page.Single(found => found.Type == "condition_changed" && found.ParentRun == created.Run).Subjects
            .ShouldBe([Subject(stage, "clientintents", "caller-of-cart")]);
        running.Log.ShouldContain(line => line.Contains(created.Run!, StringComparison.Ordinal));
        (await stage.Scene.Cluster.Client.ListAsync<Eventsv1Event>(new() { Namespace = stage.Scene.Namespace }, default)).Items
            .ShouldContain(recorded => recorded.Metadata.Annotations.Find(WayleaveLabels.TraceId) == restored[0].Run);

        (await reader.ReadAsync(again, $"run={created.Run}")).ShouldAllBe(found => found.Run == created.Run || found.ParentRun == created.Run);
        (await reader.ReadAsync(again, $"subject={Subject(stage, "networkpolicy", CartPolicy)}&type=policy_created"))
            .ShouldHaveSingleItem().Id.ShouldBe(created.Id);
        (await again.ReadMetricsAsync()).Keys.ShouldContain(series => series.StartsWith("wayleave_event_store_events_total", StringComparison.Ordinal));
        await again.StopAsync();
    }

    [Fact]
    public async Task Answers_only_tokens_of_its_audience_whose_user_may()
    {
        await using var stage = await cluster.SetAsync();
        var reader = await StoredEvents.AllowAsync(stage.Scene);
        var running = await StartAsync(stage);

        (await reader.AskAsync(running, "", token: null)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await reader.AskAsync(running, "", "not-a-token")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await reader.AskAsync(running, "", await reader.CreateTokenAsync("reader", audience: null))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await reader.AskAsync(running, "", await reader.CreateTokenAsync("default"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await reader.AskAsync(running, "?limit=0", await reader.CreateTokenAsync("reader"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await reader.AskAsync(running, "", await reader.CreateTokenAsync("reader"))).Status.ShouldBe(HttpStatusCode.OK);
        await running.StopAsync();
    }

    [Fact]
    public async Task A_standby_answers_with_its_own_events()
    {
        await using var stage = await cluster.SetAsync();
        var reader = await StoredEvents.AllowAsync(stage.Scene);
        var leader = await StartReplicaAsync(stage, "first");
        await reader.UntilAsync(leader, "type=leadership_gained");
        var standby = await StartReplicaAsync(stage, "second");
        await stage.ApplyOneAsync("cart");

        await reader.UntilAsync(leader, "type=policy_created");
        var own = await reader.UntilAsync(standby, "limit=1000", events => events.Any(found => found.Type == "caches_synced"));
        own.ShouldContain(found => found.Type == "process_started");
        own.ShouldNotContain(found => found.Type == "policy_created" || found.Type == "leadership_gained");
        await standby.StopAsync();
        await leader.StopAsync();
    }

    [SkippableFact]
    public async Task The_command_line_lists_events_through_the_API_server()
    {
        var address = FindAddress();
        Skip.If(address is null, "the API server proxies to no loopback address, and this machine has no other");
        await using var stage = await cluster.SetAsync();
        await StoredEvents.AllowAsync(stage.Scene, account: "wayleave-operator-events-reader");
        var running = await StartAsync(stage, address.ToString());
        await stage.ApplyOneAsync("cart");
        await DescribeAsync(stage.Scene, address, StoredEvents.PortOf(running));

        var result = await Poll.UntilAsync(
            "the event of the policy",
            async _ => await ListAsync(stage, "--type", "policy_created") is { ExitCode: 0, Output.Length: > 0 } listed ? listed : null,
            Poll.Patience,
            default);
        result!.Output.ShouldMatch($"policy_created +{Subject(stage, "clientintents", "caller-of-cart")} +[0-9a-f]{{8}} ");
        var json = (await ListAsync(stage, "--subject", $"ClientIntents/{stage.Scene.Namespace}", "-o", "json")).EnsureSuccess().Output;
        json.ShouldContain("condition_changed");
        await running.StopAsync();
    }

    // Without the operator's Pods the chart would make, the command finds what their objects say.
    private static async Task DescribeAsync(Scene scene, IPAddress address, int port)
    {
        await scene.Cluster.ApplyAsync(
            $$$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: wayleave-operator, namespace: {{{scene.Home}}}, labels: {app.kubernetes.io/name: wayleave, app.kubernetes.io/component: operator}}
            spec:
              selector: {matchLabels: &labels {app.kubernetes.io/name: wayleave, app.kubernetes.io/component: operator}}
              template:
                metadata: {labels: *labels}
                spec:
                  containers:
                    - {name: operator, image: wayleave-operator, args: ["--namespace={{{scene.Home}}}", "--event-store-dir=/events", "--event-port={{{port}}}"]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: wayleave-operator-0, namespace: {{{scene.Home}}}, labels: {app.kubernetes.io/name: wayleave, app.kubernetes.io/component: operator}}
            spec: {containers: [{name: operator, image: wayleave-operator}]}
            """);
        var status = $"{{\"status\":{{\"phase\":\"Running\",\"podIP\":\"{address}\",\"podIPs\":[{{\"ip\":\"{address}\"}}]}}}}";
        (await scene.Cluster.ControlPlane.KubectlAsync(
            ["patch", "pod", "wayleave-operator-0", "--namespace", scene.Home, "--subresource=status", "--type=merge", "--patch", status])).EnsureSuccess();
    }

    private static Task<ProcessResult> ListAsync(TelemetryStage stage, params IReadOnlyList<string> options) => CliProgram.RunAsync(
        stage.Scene.Cluster.ControlPlane.KubeconfigPath, ["events", "list", "--operator-namespace", stage.Scene.Home, .. options]);

    // Each replica has files of its own, as in Pods.
    private Task<OperatorProcess> StartReplicaAsync(TelemetryStage stage, string name) => stage.StartAsync(
        ["--leader-elect", $"--event-store-dir={Path.Combine(_directory, name)}", "--event-port=0"]);

    private Task<OperatorProcess> StartAsync(TelemetryStage stage, string? address = null) => stage.StartAsync(
        [$"--event-store-dir={_directory}", "--event-port=0", .. address is null ? Array.Empty<string>() : [$"--bind-address={address}"]]);

    private static string Subject(TelemetryStage stage, string kind, string name) => $"{kind}/{stage.Scene.Namespace}/{name}";

    // The API server proxies to neither loopback nor link-local addresses.
    private static IPAddress? FindAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(device => device.OperationalStatus == OperationalStatus.Up)
        .SelectMany(device => device.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)
            && address.GetAddressBytes() is not [169, 254, ..]);
}
