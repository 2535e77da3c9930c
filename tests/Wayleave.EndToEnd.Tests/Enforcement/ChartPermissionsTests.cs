using System.Text;
using Wayleave.Api;
using Wayleave.EndToEnd.Tests.Chart;
using Wayleave.EndToEnd.Tests.Lifecycle;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;
using static Wayleave.EndToEnd.Tests.Enforcement.ClusterExpectations;
using static Wayleave.EndToEnd.Tests.Enforcement.PolicyText;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>The operator with the chart's own flags, as the chart's own ServiceAccount: it may do what it does, and does what it may.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ChartPermissionsTests(LifecycleCluster lifecycle)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly TestCluster _cluster = lifecycle.Cluster;

    [Fact]
    public async Task With_everything_on_it_is_refused_nothing()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var scene = await lifecycle.SetAsync();
        var mark = lifecycle.Audit.Mark();
        await using var running = await StartAsync(
            scene, "replicas=2", $"global.telemetry.endpoint={collector.Endpoint}", "global.telemetry.flushInterval=1s", "global.telemetry.activeInterval=1s");
        await WorkAsync(scene);
        await Poll.UntilAsync(
            "the usage of it all to have been sent",
            _ => Task.FromResult(string.Join(' ', collector.Records.Select(record => record.EventType).Distinct())),
            types => new[] { "STARTED", "ACTIVE", "INTENTS_APPLIED", "INTENTS_DELETED", "NETWORK_POLICIES_DELETED" }.All(types.Contains),
            Patience,
            CancellationToken.None);
        await ShouldNotHaveBeenRefusedAsync(running);
        await running.StopAsync();

        var requests = await RequestsAsync(scene, mark);
        requests.Where(request => request.Code is 401 or 403).ShouldBeEmpty();
        Kinds(requests.Where(request => request.IsWrite)).ShouldBe(
        [
            "clientintents/status patch", "configmaps create", "configmaps patch", "events create", "leases create", "leases patch",
            "networkpolicies delete", "networkpolicies patch", "protectedservices/status patch",
        ]);
        Kinds(requests.Where(request => request.Verb == "get" && request.Resource.Length > 0 && request.Resource != "leases"))
            .ShouldBe(["configmaps get", "namespaces get"]);
    }

    [Fact]
    public async Task With_telemetry_off_and_one_replica_it_is_refused_nothing_and_asks_for_less()
    {
        await using var scene = await lifecycle.SetAsync();
        var mark = lifecycle.Audit.Mark();
        await using var running = await StartAsync(scene, "global.telemetry.enabled=false");
        await WorkAsync(scene);
        await ShouldNotHaveBeenRefusedAsync(running);
        await running.StopAsync();

        var requests = await RequestsAsync(scene, mark);
        requests.Where(request => request.Code is 401 or 403).ShouldBeEmpty();
        Kinds(requests.Where(request => request.IsWrite)).ShouldBe(
            ["clientintents/status patch", "events create", "networkpolicies delete", "networkpolicies patch", "protectedservices/status patch"]);
        requests.ShouldNotContain(request => request.Resource == "configmaps" || request.Resource == "leases" || request.Resource == "nodes");
        requests.ShouldNotContain(request => request.Name == "kube-system");
    }

    /// <summary>Makes the chart's ServiceAccount and roles in the scene's own namespace, and starts the operator as its Deployment would.</summary>
    private async Task<OperatorProcess> StartAsync(Scene scene, params IReadOnlyList<string> values)
    {
        string[] template = ["template", Release(scene), Checkout.Chart, $"--namespace={scene.Home}", .. values.Select(value => $"--set={value}")];
        var text = (await _cluster.ControlPlane.HelmAsync(template)).EnsureSuccess().Output;
        var account = string.Join("\n---\n", text.Split("\n---\n").Where(document => !document.Contains("kind: Deployment", StringComparison.Ordinal)));
        (await _cluster.ControlPlane.KubectlAsync(["apply", "--filename=-"], account)).EnsureSuccess();

        var render = new ChartRender(text);
        var name = render.Pod["serviceAccountName"].ToString();
        var token = (await _cluster.ControlPlane.KubectlAsync(["create", "token", name, $"--namespace={scene.Home}", "--duration=1h"])).EnsureSuccess().Output.Trim();
        var kubeconfig = await new ServiceAccount(User(scene), token).WriteKubeconfigAsync(_cluster.ControlPlane);
        var flags = render.Arguments.Where(flag => !flag.Contains("-port=", StringComparison.Ordinal));
        var running = await OperatorProcess.StartAsync(kubeconfig, new OperatorSettings { Arguments = [.. flags] });
        await running.WaitUntilReadyAsync();
        return running;
    }

    /// <summary>Everything that the operator can be brought to do.</summary>
    private async Task WorkAsync(Scene scene)
    {
        var shop = scene.Namespace;
        await scene.DeployAsync("cart", "orders", "checkout");
        await _cluster.ApplyAsync(Workloads.Service(shop, "redis", "{selector: {app: redis}, ports: [{port: 6379, protocol: TCP}]}"));
        await _cluster.ApplyAsync(Yaml.Protection(shop, "orders"));
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}, {service: {name: redis}}]");
        await _cluster.UntilEnforcedAsync(shop, "checkout");
        await _cluster.UntilProtectionAsync(shop, "orders", "True", Reasons.Enforced);

        var extra = new V1Patch(Encoding.UTF8.GetBytes("""{"spec": {"podSelector": {"matchLabels": {"more": "true"}}}}"""), V1Patch.PatchType.MergePatch);
        await _cluster.Client.PatchAsync<V1NetworkPolicy>(PolicyName("cart"), shop, extra, CancellationToken.None);
        await _cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "checkout")));
        await _cluster.Client.DeleteAsync<V1NetworkPolicy>(PolicyName("cart"), shop, preconditions: null, CancellationToken.None);
        await _cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "checkout")));

        await scene.DeclareAsync("checkout", "[{kubernetes: {name: missing}}]");
        await _cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.WorkloadNotFound);
        await _cluster.DeleteAsync(Yaml.Intents(shop, "checkout", "[]"));
        await _cluster.DeleteAsync(Yaml.Protection(shop, "orders"));
        await _cluster.UntilPoliciesAsync(shop);
    }

    private static async Task ShouldNotHaveBeenRefusedAsync(OperatorProcess running)
    {
        var metrics = await running.ReadMetricsAsync();
        metrics.Sum("rest_client_requests_total").ShouldBeGreaterThan(0);
        metrics.Sum("rest_client_requests_total", "code=\"403\"").ShouldBe(0);
        metrics.Sum("rest_client_requests_total", "code=\"401\"").ShouldBe(0);
        running.Lines().Where(line => line.Level is not "Information").ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<AuditRecord>> RequestsAsync(Scene scene, long mark) =>
        [.. (await lifecycle.RecordsSinceAsync(mark)).Where(record => record.User == User(scene))];

    private static IReadOnlyList<string> Kinds(IEnumerable<AuditRecord> requests) =>
    [
        .. requests.Select(request => $"{request.Resource}{(request.Subresource.Length > 0 ? "/" : "")}{request.Subresource} {request.Verb}")
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static string Release(Scene scene) => $"wayleave-{scene.Home}";

    private static string User(Scene scene) => $"system:serviceaccount:{scene.Home}:{Release(scene)}-operator";
}
