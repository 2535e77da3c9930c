using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Telemetry.Catalog;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;
using Xunit.Abstractions;

namespace Wayleave.EndToEnd.Tests.Telemetry.Canaries;

/// <summary>
/// A cluster in which every text is a canary, and an operator that uses every feature and fails in every way there. Nothing that it sends
/// may contain a canary.
/// </summary>
[Collection("Canaries")]
public sealed class CanaryTests(ITestOutputHelper output)
{
    private const int Workloads = 150;
    private static readonly ControlPlaneOptions Options = new() { ExternalKubeconfig = null };

    private readonly CanarySet _canaries = new();

    [Fact]
    public async Task Telemetry_contains_none_of_the_texts_in_the_cluster()
    {
        await using var cluster = await TestCluster.StartAsync(Options);
        await using var stage = await TelemetryStage.SetAsync(cluster);
        var shop = _canaries.New();
        await cluster.CreateNamespaceAsync(shop);
        var workloads = await DeployAsync(cluster, shop);
        var running = await stage.StartAsync(
            Environment(), [.. TelemetryStage.ElectionFlags, "--telemetry-active-interval=1s", "--telemetry-debug", "--observed-intents"]);
        await UseAsync(cluster, stage, shop, workloads);
        await ObserveAsync(cluster, shop, workloads);
        await ConnectAsync(cluster, stage, shop, workloads);
        await FailAsync(cluster, stage, shop, workloads);
        await stage.DisturbAsync(running);
        await stage.Collector.WaitForAsync(_ => Missing(stage).Count == 0, Poll.Patience, string.Join(", ", Missing(stage)));
        await running.StopAsync();
        await TamperAsync(stage);
        var second = await stage.StartAsync(Environment());
        await stage.Collector.WaitForAsync(_ => stage.Count("STARTED") > 1, Poll.Patience, "the second start");
        await second.StopAsync();
        await AddUidsAsync(cluster, shop);

        var found = stage.Collector.Requests.SelectMany(_canaries.Find).ToList();
        output.WriteLine($"planted {_canaries.Count} canaries, in six forms each; searched {_canaries.Searched} bytes of {stage.Collector.Requests.Count} requests; found {found.Count}");
        found.ShouldBeEmpty();
        _canaries.Count.ShouldBeGreaterThan(2000);
    }

    private static List<string> Missing(TelemetryStage stage) =>
    [
        .. UsageCatalog.All.Where(usage => usage is { IsPlanned: false, Emitter: ComponentType.Operator }).Select(usage => usage.Type)
            .Except(stage.Records.Select(record => record.EventType)),
    ];

    private Dictionary<string, string> Environment() => new(StringComparer.Ordinal)
    {
        ["POD_NAME"] = _canaries.New(),
        ["HOSTNAME"] = _canaries.New(),
        ["USER"] = _canaries.New(),
        ["OTEL_SERVICE_NAME"] = _canaries.New(),
        ["OTEL_RESOURCE_ATTRIBUTES"] = $"k8s.cluster.name={_canaries.New()},host.name={_canaries.New()}",
        ["OTEL_EXPORTER_OTLP_LOGS_HEADERS"] = $"x-team={_canaries.New()}",
        ["TRACEPARENT"] = _canaries.New(),
    };

    // Labels, annotations, images, variables and volumes of each workload; and a Secret, a ConfigMap and a Service with as many.
    private async Task<List<string>> DeployAsync(TestCluster cluster, string shop)
    {
        var names = Enumerable.Range(0, Workloads).Select(_ => _canaries.New()).ToList();
        foreach (var name in names)
        {
            await cluster.ApplyAsync(
                $$$"""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: {{{name}}}, namespace: {{{shop}}}, labels: {{{Map(2)}}}, annotations: {{{Map(2)}}}}
                spec:
                  replicas: 0
                  selector: {matchLabels: {app: {{{name}}}}}
                  template:
                    metadata: {labels: {app: {{{name}}}, {{{_canaries.New()}}}: {{{_canaries.New()}}}}}
                    spec: {containers: [{name: {{{_canaries.New()}}}, image: "{{{_canaries.New()}}}.example.com/{{{_canaries.New()}}}", env: [{name: {{{_canaries.New()}}}, value: {{{_canaries.New()}}}}]}]}
                """);
        }

        await cluster.ApplyAsync($"apiVersion: v1\nkind: Secret\nmetadata: {{name: {_canaries.New()}, namespace: {shop}}}\nstringData: {Map(50)}");
        await cluster.ApplyAsync($"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {_canaries.New()}, namespace: {shop}}}\ndata: {Map(50)}");
        await cluster.ApplyAsync($"apiVersion: v1\nkind: Service\nmetadata: {{name: {names[3]}, namespace: {shop}, annotations: {Map(20)}}}\nspec: {{selector: {{app: {names[3]}}}, ports: [{{port: 80, protocol: TCP, name: {_canaries.New()[..8]}}}]}}");
        await cluster.ApplyAsync($"apiVersion: v1\nkind: Node\nmetadata: {{name: {_canaries.New()}, labels: {Map(20)}}}");
        return names;
    }

    private async Task UseAsync(TestCluster cluster, TelemetryStage stage, string shop, List<string> names)
    {
        string[] targets =
        [
            $"{{kubernetes: {{name: {names[1]}}}}}", $"{{kubernetes: {{name: {names[2]}, http: [{{path: /{_canaries.New()}}}]}}}}", $"{{service: {{name: {names[3]}}}}}",
            $"{{kafka: {{name: {names[4]}, topics: [{{name: {_canaries.New()}, operations: [produce]}}]}}}}",
            $"{{sql: {{name: {names[5]}, privileges: [{{databaseName: {_canaries.New()}, table: {_canaries.New()}, operations: [SELECT]}}]}}}}",
            "{internet: {ips: [203.0.113.7], ports: [443]}}",
        ];
        var intents = Yaml.Intents(shop, names[0], $"[{string.Join(", ", targets)}]", _canaries.New());
        var protection = Yaml.Protection(shop, names[6]);
        var policy = Yaml.Enforcement(_canaries.New(), $"{{mode: Enforce, egress: true, namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {shop}}}}}}}");
        var kafka = Yaml.KafkaServer(shop, names[4], $"{_canaries.New()}.example.com:9092");
        string[] all = [intents, protection, policy, kafka];
        foreach (var one in all)
        {
            await cluster.ApplyAsync(one);
        }

        // All of it: an object that is deleted before it was counted is not counted at all.
        string[] applied = ["INTENTS_APPLIED", "PROTECTED_SERVICE_APPLIED", "POLICIES_APPLIED", "KAFKA_SERVER_CONFIG_APPLIED"];
        await stage.Collector.WaitForAsync(_ => applied.All(type => stage.Count(type) > 0), Poll.Patience, "what was declared");
        foreach (var one in all)
        {
            await cluster.DeleteAsync(one);
        }
    }

    // What the network mapper has seen, with names in every field that can have one.
    private async Task ObserveAsync(TestCluster cluster, string shop, List<string> names)
    {
        string[] calls =
        [
            Yaml.Call($"{{kubernetes: {{name: {names[1]}.{_canaries.New()}, kind: Deployment, ports: [8080]}}}}", more: $", service: {_canaries.New()}.{_canaries.New()}"),
            Yaml.Call($"{{service: {{name: {_canaries.New()}, ports: [80]}}}}", "Unanswered"),
            Yaml.Call($"{{internet: {{domains: [{_canaries.New()}.example.com], ports: [443]}}}}", more: ", addresses: [203.0.113.7]"),
        ];
        const string Tally = "{intents: 3, tcp: 2, socketScan: 1, dns: 1}";
        foreach (var name in names.Take(3).Append(_canaries.New()))
        {
            await cluster.ApplyAsync(Yaml.Observed(shop, name, $"[{string.Join(", ", calls)}]", Tally));
        }
    }

    // A member with the same names, and a kubeconfig in which every name is a canary; then kubeconfigs with a wrong token and with a proxy.
    private async Task ConnectAsync(TestCluster cluster, TelemetryStage stage, string shop, List<string> names)
    {
        await using var member = await ClusterPool.TakeMemberAsync();
        await MemberClusters.GrantAsync(member);
        await member.CreateNamespaceAsync(shop);
        await member.ApplyAsync(Yaml.Workload(shop, names[1]));
        var made = await MemberClusters.KubeconfigAsync(member);
        var (name, token, home) = (_canaries.New(), made.Split("token: ")[1].Split('}')[0], stage.Scene.Home);
        _canaries.Add(token);
        var kubeconfig = made.Replace(" wayleave-member", $" {_canaries.New()}", StringComparison.Ordinal).Replace(" member", $" {_canaries.New()}", StringComparison.Ordinal);
        var registration = Yaml.MemberCluster(home, name, Map(20));
        await cluster.ApplyAsync($"{Yaml.Secret(home, name, "kubeconfig", kubeconfig)}\n---\n{registration}");
        await cluster.ApplyAsync(Yaml.In($"{{names: [{name}, {_canaries.New()}]}}", Yaml.Intents(shop, names[0], $"[{{kubernetes: {{name: {names[1]}}}}}]", _canaries.New())));
        await member.WaitForPoliciesAsync(shop, names[1]);
        // A changed Secret counts as a rotation only after the first credentials are recorded.
        await cluster.WaitForAsync<Cluster>("the credentials to be recorded", null, name, found => found.Status?.Credentials is not null);
        await cluster.ApplyAsync(Yaml.Secret(home, name, "kubeconfig", $"{kubeconfig}# {_canaries.New()}\n"));
        await stage.WaitForAsync("CLUSTER_CREDENTIALS_ROTATED", 1);
        await cluster.DeleteAsync(registration);
        await stage.WaitForAsync("CLUSTERS_DELETED", 1);
        foreach (var bad in new[] { kubeconfig.Replace(token, _canaries.New(), StringComparison.Ordinal), kubeconfig.Replace("server:", $"proxy-url: http://{_canaries.New()}, server:", StringComparison.Ordinal) })
        {
            var one = _canaries.New();
            await cluster.ApplyAsync($"{Yaml.Secret(home, one, "kubeconfig", bad)}\n---\n{Yaml.MemberCluster(home, one)}");
            await cluster.WaitForAsync<Cluster>("the Cluster to be refused", null, one, found => found.Ready()?.Status == "False");
        }
    }

    // A webhook that denies with a canary, names that do not exist or are ambiguous, and values that no schema rejects.
    private async Task FailAsync(TestCluster cluster, TelemetryStage stage, string shop, List<string> names)
    {
        await cluster.ApplyAsync(Yaml.Workload(shop, names[7], "StatefulSet"));
        await cluster.ApplyAsync(Yaml.Intents(shop, names[8], $"[{{kubernetes: {{name: {_canaries.New()}}}}}, {{kubernetes: {{name: {names[7]}}}}}, {{internet: {{ips: [203.0.113.5/24], domains: [{_canaries.New()}.invalid]}}}}]"));
        await using var gate = await AdmissionGate.SetAsync(cluster, shop);
        gate.Deny(_canaries.New());
        await cluster.ApplyAsync(Yaml.Intents(shop, names[9], $"[{{kubernetes: {{name: {names[10]}}}}}]"));
        await stage.Collector.WaitForAsync(_ => stage.Count("ERRORS") > 0, Poll.Patience, "ERRORS");
        gate.Open();
    }

    // Writes a canary into every text of the ledger, as a user who may write it could.
    private async Task TamperAsync(TelemetryStage stage)
    {
        stage.Collector.Otherwise = OtlpAnswer.Accept;
        var ledger = (await stage.Scene.Cluster.Client.GetAsync<V1ConfigMap>(TelemetryStage.Ledger, stage.Scene.Home, default))!;
        var batch = JsonNode.Parse(ledger.Data!["acknowledged"])!.AsObject();
        batch.Remove("acknowledgedAt");
        batch["serviceVersion"] = $"1.2.3-{_canaries.New()}";
        ledger.Data["in-flight"] = batch.ToJsonString();
        ledger.Data["pending"] = $$"""{"counts": [{"type": "ERRORS", "count": 1, "component": "host", "exception": "{{_canaries.New()}}"}]}""";
        ledger.Data["context-id"] = _canaries.New();
        ledger.Data["totals"] = $$"""{"{{_canaries.New()}}": 1}""";
        ledger.Metadata = new V1ObjectMeta { Name = TelemetryStage.Ledger, NamespaceProperty = stage.Scene.Home };
        await stage.Scene.Cluster.Client.DeleteAsync<V1ConfigMap>(TelemetryStage.Ledger, stage.Scene.Home, null, default);
        await stage.Scene.Cluster.Client.CreateAsync(ledger, default);
    }

    private async Task AddUidsAsync(TestCluster cluster, string shop)
    {
        var system = (await cluster.Client.GetAsync<V1Namespace>("kube-system", null, default))!.Metadata.Uid!;
        _canaries.Add(system);
        _canaries.Add(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(system))));
        foreach (var one in (await cluster.Client.ListAsync<PartialDeployment>(new() { Namespace = shop }, default)).Items)
        {
            _canaries.Add(one.Metadata.Uid!);
        }

        foreach (var one in (await cluster.Client.ListAsync<ClientIntents>(new() { Namespace = shop }, default)).Items)
        {
            _canaries.Add(one.Metadata.Uid!);
        }
    }

    private string Map(int entries) => $"{{{string.Join(", ", Enumerable.Range(0, entries).Select(_ => $"{_canaries.New()}: {_canaries.New()}"))}}}";
}
