using k8s.Models;
using Wayleave.Api;
using Wayleave.EndToEnd.Tests.Chart;
using Wayleave.EndToEnd.Tests.Lifecycle;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

using static Wayleave.EndToEnd.Tests.Enforcement.ClusterExpectations;
using static Wayleave.EndToEnd.Tests.Enforcement.PolicyText;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>The operator with the flags and the ServiceAccount of the chart: no request is denied, and every permission is used.</summary>
/// <remarks>The first test fails when a rule is removed from the chart's roles, and when one is added.</remarks>
[Collection(ProcessCollection.Name)]
public sealed class ChartPermissionsTests(LifecycleCluster lifecycle)
{
    private readonly TestCluster _cluster = lifecycle.Cluster;

    [Fact]
    public async Task Uses_exactly_the_granted_permissions_with_everything_on()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var member = await ClusterPool.TakeMemberAsync();
        await using var scene = await lifecycle.SetAsync();
        var mark = lifecycle.Audit.Mark();
        await using var running = await StartAsync(scene, Everything(collector));
        await WorkAsync(scene);
        await ConnectAsync(scene, member);
        await Poll.UntilAsync(
            "the usage of it all to have been sent",
            _ => Task.FromResult(string.Join(' ', collector.Records.Select(record => record.EventType).Distinct())),
            types => new[] { "STARTED", "ACTIVE", "INTENTS_APPLIED", "INTENTS_DELETED", "NETWORK_POLICIES_DELETED", "CLUSTERS_DELETED" }.All(types.Contains),
            Poll.Patience,
            CancellationToken.None);
        await ShouldNotHaveBeenDeniedAsync(running);
        await running.StopAsync();

        var requests = await RequestsAsync(scene, mark);
        requests.Where(request => request.Code is 401 or 403).ShouldBeEmpty();
        Used(requests).ShouldBe(Granted(await RenderAsync(scene, Everything(collector))).Except(Unseen(), StringComparer.Ordinal), ignoreOrder: true);
    }

    [Fact]
    public async Task Makes_fewer_requests_and_is_never_denied_with_telemetry_off_and_one_replica()
    {
        await using var scene = await lifecycle.SetAsync();
        var mark = lifecycle.Audit.Mark();
        await using var running = await StartAsync(scene, "global.telemetry.enabled=false");
        await WorkAsync(scene);
        await ShouldNotHaveBeenDeniedAsync(running);
        await running.StopAsync();

        var requests = await RequestsAsync(scene, mark);
        requests.Where(request => request.Code is 401 or 403).ShouldBeEmpty();
        Kinds(requests.Where(request => request.IsWrite)).ShouldBe(
            ["clientintents/status patch", "events create", "events patch", "networkpolicies create", "networkpolicies delete", "networkpolicies patch", "protectedservices/status patch"]);
        requests.ShouldNotContain(request => request.Resource == "configmaps" || request.Resource == "leases");
    }

    [Fact]
    public async Task Requests_nothing_in_other_namespaces_and_is_never_denied_when_confined_to_one()
    {
        await using var scene = await lifecycle.SetAsync();
        var mark = lifecycle.Audit.Mark();
        await using var running = await StartAsync(
            scene, $"operator.watchNamespace={scene.Namespace}", "replicas=2", "global.telemetry.flushInterval=1s");
        await WorkAsync(scene);
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart.default}}]");
        await _cluster.UntilIntentsAsync(scene.Namespace, "checkout", "False", Reasons.NamespaceNotWatched);
        await ShouldNotHaveBeenDeniedAsync(running);
        await running.StopAsync();

        var requests = await RequestsAsync(scene, mark);
        requests.Where(request => request.Code is 401 or 403).ShouldBeEmpty();
        var elsewhere = requests.Where(request => request.Resource.Length > 0 && request.Namespace != scene.Namespace && request.Namespace != scene.Home);
        elsewhere.Select(request => $"{request.Verb} {request.Resource} {request.Name}".TrimEnd()).Distinct().Order(StringComparer.Ordinal).ShouldBe(
            [
                "get namespaces kube-system",
                "list enforcementpolicies",
                $"list namespaces {scene.Home}",
                $"list namespaces {scene.Namespace}",
                "watch enforcementpolicies",
                $"watch namespaces {scene.Namespace}",
            ]);
        Kinds(requests.Where(request => request.Namespace == scene.Home)).ShouldBe(["configmaps create", "configmaps get", "configmaps patch", "leases create", "leases patch"]);
    }

    /// <summary>Creates the chart's ServiceAccount and roles in the scene's own namespace, and starts the operator as its Deployment would.</summary>
    private async Task<OperatorProcess> StartAsync(Scene scene, params IReadOnlyList<string> values)
    {
        var render = await RenderAsync(scene, values);
        var account = string.Join("\n---\n", render.Text.Split("\n---\n").Where(document => !document.Contains("kind: Deployment", StringComparison.Ordinal) && !document.Contains("kind: Pod", StringComparison.Ordinal)));
        (await _cluster.ControlPlane.KubectlAsync(["apply", "--filename=-"], account)).EnsureSuccess();

        var name = render.Pod["serviceAccountName"].ToString();
        var token = (await _cluster.ControlPlane.KubectlAsync(["create", "token", name, $"--namespace={scene.Home}", "--duration=1h"])).EnsureSuccess().Output.Trim();
        var kubeconfig = await new ServiceAccount(User(scene), token).WriteKubeconfigAsync(_cluster.ControlPlane);
        var flags = render.Arguments.Where(flag => !flag.Contains("-port=", StringComparison.Ordinal));
        var running = await OperatorProcess.StartAsync(kubeconfig, new OperatorSettings { Arguments = [.. flags] });
        await running.WaitUntilReadyAsync();
        return running;
    }

    private static string[] Everything(OtlpCollector collector) =>
    [
        "replicas=2", "clusters.enabled=true", $"global.telemetry.endpoint={collector.Endpoint}", "global.telemetry.flushInterval=1s",
        "global.telemetry.activeInterval=1s",
    ];

    private async Task<ChartRender> RenderAsync(Scene scene, IReadOnlyList<string> values)
    {
        string[] template = ["template", Release(scene), Checkout.Chart, $"--namespace={scene.Home}", $"--set={ChartCluster.NoDefinitions}", .. values.Select(value => $"--set={value}")];
        return new ChartRender((await _cluster.ControlPlane.HelmAsync(template)).EnsureSuccess().Output);
    }

    /// <summary>Makes the operator use all of its features, except member clusters.</summary>
    private async Task WorkAsync(Scene scene)
    {
        var shop = scene.Namespace;
        await scene.DeployAsync("cart", "orders", "checkout");
        await _cluster.ApplyAsync(Workloads.Service(shop, "redis", "{selector: {app: redis}, ports: [{port: 6379, protocol: TCP}]}"));
        await _cluster.ApplyAsync(Yaml.Protection(shop, "orders"));
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}, {service: {name: redis}}]");
        await _cluster.UntilEnforcedAsync(shop, "checkout");
        await _cluster.UntilProtectionAsync(shop, "orders", "True", Reasons.Enforced);

        var extra = new V1Patch("""{"spec": {"podSelector": {"matchLabels": {"more": "true"}}}}""", V1Patch.PatchType.MergePatch);
        await _cluster.Client.PatchAsync<V1NetworkPolicy>(PolicyName("cart"), shop, extra, CancellationToken.None);
        await _cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "checkout")));
        await _cluster.Client.DeleteAsync<V1NetworkPolicy>(PolicyName("cart"), shop, preconditions: null, CancellationToken.None);
        await _cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "checkout")));

        // Twice, so that the second time patches the first Event.
        foreach (var target in new[] { "missing", "cart", "missing" })
        {
            await scene.DeclareAsync("checkout", $"[{{kubernetes: {{name: {target}}}}}]");
            await _cluster.UntilIntentsAsync(shop, "checkout", target == "cart" ? "True" : "False", target == "cart" ? Reasons.Enforced : Reasons.WorkloadNotFound);
        }

        await _cluster.DeleteAsync(Yaml.Intents(shop, "checkout", "[]"));
        await _cluster.DeleteAsync(Yaml.Protection(shop, "orders"));
        await _cluster.UntilPoliciesAsync(shop);
    }

    // The other kinds, and a member cluster from its first connection to its clean-up.
    private async Task ConnectAsync(Scene scene, TestCluster member)
    {
        var policy = Yaml.Enforcement(scene.Home, "{mode: Shadow, namespaceSelector: {matchLabels: {none: none}}}");
        await _cluster.ApplyAsync($"{policy}\n---\n{Yaml.KafkaServer(scene.Namespace, "cart", "kafka.example.com:9092")}");
        await _cluster.WaitForAsync<EnforcementPolicy>("a status", null, scene.Home, found => found.Status?.Conditions is not null);
        await _cluster.WaitForAsync<KafkaServerConfig>("a status", scene.Namespace, "cart", found => found.Status?.Conditions is not null);
        await _cluster.DeleteAsync(policy);
        await MemberClusters.GrantAsync(member);
        await _cluster.ApplyAsync(Yaml.Secret(scene.Home, "east", "kubeconfig", await MemberClusters.KubeconfigAsync(member)));
        await _cluster.ApplyAsync(Yaml.MemberCluster(scene.Home, "east"));
        await _cluster.UntilClusterAsync("east", Reasons.Connected);
        await _cluster.DeleteAsync(Yaml.MemberCluster(scene.Home, "east"));
    }

    private static async Task ShouldNotHaveBeenDeniedAsync(OperatorProcess running)
    {
        var metrics = await running.ReadMetricsAsync();
        metrics.Sum("rest_client_requests_total").ShouldBeGreaterThan(0);
        metrics.Sum("rest_client_requests_total", "code=\"403\"").ShouldBe(0);
        metrics.Sum("rest_client_requests_total", "code=\"401\"").ShouldBe(0);
        running.Lines().Where(line => line.Level is not "Information").ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<AuditRecord>> RequestsAsync(Scene scene, long mark) =>
        [.. (await lifecycle.RecordsSinceAsync(mark)).Where(record => record.User == User(scene))];

    /// <summary>
    /// Permissions whose use cannot be seen here: for kinds that this API server does not serve, for Endpoints where EndpointSlices are read
    /// instead, and for requests that the audit policy of the tests omits.
    /// </summary>
    private IEnumerable<string> Unseen()
    {
        string[] routing = ["gatewayclasses", "gateways", "referencegrants", "httproutes", "grpcroutes", "tlsroutes", "tcproutes"];
        IEnumerable<string> kinds =
        [
            Serves<PartialEndpointSlice>() ? "endpoints" : "endpointslices.discovery.k8s.io",
            .. Serves<PartialCronJob>() ? Array.Empty<string>() : ["cronjobs.batch"],
            .. Serves<V1ServiceCIDR>() ? Array.Empty<string>() : ["servicecidrs.networking.k8s.io"],
            .. routing.Select(kind => $"{kind}.gateway.networking.k8s.io"),
        ];
        return kinds.SelectMany(kind => new[] { $"list {kind}", $"watch {kind}" }).Append("get leases.coordination.k8s.io");
    }

    private bool Serves<TEntity>() => KubernetesVersions.Serves(typeof(TEntity), _cluster.ControlPlane.Version.Minor);

    private static IReadOnlyList<string> Kinds(IEnumerable<AuditRecord> requests) =>
    [
        .. requests.Select(request => $"{request.Resource}{(request.Subresource.Length > 0 ? "/" : "")}{request.Subresource} {request.Verb}")
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Used(IEnumerable<AuditRecord> requests) => requests
        .Where(request => request.Resource.Length > 0 && request.Group != "authorization.k8s.io")
        .Select(request => Right(request.Verb, $"{request.Resource}{(request.Subresource.Length > 0 ? "/" : "")}{request.Subresource}", request.Group))
        .Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Granted(ChartRender render) =>
        from role in render.Objects
        where role["kind"].ToString() is "ClusterRole" or "Role"
        from rule in (YamlDotNet.RepresentationModel.YamlSequenceNode)role["rules"]
        from resource in ChartRender.Texts(rule["resources"])
        from verb in ChartRender.Texts(rule["verbs"])
        select Right(verb, resource, ChartRender.Texts(rule["apiGroups"])[0]);

    private static string Right(string verb, string resource, string group) => $"{verb} {resource}.{group}".TrimEnd('.');

    private static string Release(Scene scene) => $"wayleave-{scene.Home}";

    private static string User(Scene scene) => $"system:serviceaccount:{scene.Home}:{Release(scene)}-operator";
}
