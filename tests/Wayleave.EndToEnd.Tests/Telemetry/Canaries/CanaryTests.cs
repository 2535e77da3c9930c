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
/// A cluster in which every text is a canary, and an operator that does everything it can and fails in every way it can there; none of the
/// canaries may be in what it sends.
/// </summary>
[Collection("Canaries")]
public sealed class CanaryTests(ITestOutputHelper output)
{
    private const int Workloads = 150;
    private static readonly ControlPlaneOptions Options = new() { ExternalKubeconfig = null };

    private readonly Aviary _aviary = new();

    [Fact]
    public async Task Of_thousands_of_texts_in_a_cluster_none_is_in_what_leaves_it()
    {
        await using var cluster = await TestCluster.StartAsync(Options);
        await using var stage = await TelemetryStage.SetAsync(cluster);
        var shop = _aviary.New();
        await cluster.CreateNamespaceAsync(shop);
        var workloads = await DeployAsync(cluster, shop);
        var running = await stage.StartAsync(Environment(), "--telemetry-active-interval=1s", "--telemetry-debug");
        await UseAsync(cluster, stage, shop, workloads);
        await ConnectAsync(cluster, stage, shop, workloads);
        await FailAsync(cluster, stage, shop, workloads);
        await stage.Collector.WaitForAsync(_ => Missing(stage).Count == 0, Poll.Patience, string.Join(", ", Missing(stage)));
        await running.StopAsync();
        await TamperAsync(stage);
        var second = await stage.StartAsync(Environment());
        await stage.Collector.WaitForAsync(_ => stage.Count("STARTED") > 1, Poll.Patience, "the second start");
        await second.StopAsync();
        await AddUidsAsync(cluster, shop);

        var found = stage.Collector.Requests.SelectMany(_aviary.Find).ToList();
        output.WriteLine($"planted {_aviary.Count} canaries, in six forms each; searched {_aviary.Searched} bytes of {stage.Collector.Requests.Count} requests; found {found.Count}");
        found.ShouldBeEmpty();
        _aviary.Count.ShouldBeGreaterThan(2000);
    }

    private static List<string> Missing(TelemetryStage stage) =>
        [.. UsageCatalog.All.Where(usage => !usage.IsPlanned).Select(usage => usage.Type).Except(stage.Records.Select(record => record.EventType))];

    private Dictionary<string, string> Environment() => new(StringComparer.Ordinal)
    {
        ["POD_NAME"] = _aviary.New(),
        ["HOSTNAME"] = _aviary.New(),
        ["USER"] = _aviary.New(),
        ["OTEL_SERVICE_NAME"] = _aviary.New(),
        ["OTEL_RESOURCE_ATTRIBUTES"] = $"k8s.cluster.name={_aviary.New()},host.name={_aviary.New()}",
        ["OTEL_EXPORTER_OTLP_LOGS_HEADERS"] = $"x-team={_aviary.New()}",
        ["TRACEPARENT"] = _aviary.New(),
    };

    // Labels, annotations, images, variables and volumes of each workload; and a Secret, a ConfigMap and a Service with as many.
    private async Task<List<string>> DeployAsync(TestCluster cluster, string shop)
    {
        var names = Enumerable.Range(0, Workloads).Select(_ => _aviary.New()).ToList();
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
                    metadata: {labels: {app: {{{name}}}, {{{_aviary.New()}}}: {{{_aviary.New()}}}}}
                    spec: {containers: [{name: {{{_aviary.New()}}}, image: "{{{_aviary.New()}}}.example.com/{{{_aviary.New()}}}", env: [{name: {{{_aviary.New()}}}, value: {{{_aviary.New()}}}}]}]}
                """);
        }

        await cluster.ApplyAsync($"apiVersion: v1\nkind: Secret\nmetadata: {{name: {_aviary.New()}, namespace: {shop}}}\nstringData: {Map(50)}");
        await cluster.ApplyAsync($"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {_aviary.New()}, namespace: {shop}}}\ndata: {Map(50)}");
        await cluster.ApplyAsync($"apiVersion: v1\nkind: Service\nmetadata: {{name: {names[3]}, namespace: {shop}, annotations: {Map(20)}}}\nspec: {{selector: {{app: {names[3]}}}, ports: [{{port: 80, protocol: TCP, name: {_aviary.New()[..8]}}}]}}");
        await cluster.ApplyAsync($"apiVersion: v1\nkind: Node\nmetadata: {{name: {_aviary.New()}, labels: {Map(20)}}}");
        return names;
    }

    private async Task UseAsync(TestCluster cluster, TelemetryStage stage, string shop, List<string> names)
    {
        string[] targets =
        [
            $"{{kubernetes: {{name: {names[1]}}}}}", $"{{kubernetes: {{name: {names[2]}, http: [{{path: /{_aviary.New()}}}]}}}}", $"{{service: {{name: {names[3]}}}}}",
            $"{{kafka: {{name: {names[4]}, topics: [{{name: {_aviary.New()}, operations: [produce]}}]}}}}",
            $"{{sql: {{name: {names[5]}, privileges: [{{databaseName: {_aviary.New()}, table: {_aviary.New()}, operations: [SELECT]}}]}}}}",
            "{internet: {ips: [203.0.113.7], ports: [443]}}",
        ];
        var intents = Yaml.Intents(shop, names[0], $"[{string.Join(", ", targets)}]", _aviary.New());
        var protection = Yaml.Protection(shop, names[6]);
        var policy = Yaml.Enforcement(_aviary.New(), $"{{mode: Enforce, egress: true, namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {shop}}}}}}}");
        var kafka = Yaml.KafkaServer(shop, names[4], $"{_aviary.New()}.example.com:9092");
        string[] all = [intents, protection, policy, kafka];
        foreach (var one in all)
        {
            await cluster.ApplyAsync(one);
        }

        await stage.Collector.WaitForAsync(_ => stage.Count("INTENTS_APPLIED") > 0 && stage.Count("POLICIES_APPLIED") > 0, Poll.Patience, "what was declared");
        foreach (var one in all)
        {
            await cluster.DeleteAsync(one);
        }
    }

    // A member with the same names, and a kubeconfig in which every name is a canary; then one that is refused, and one that nobody answers.
    private async Task ConnectAsync(TestCluster cluster, TelemetryStage stage, string shop, List<string> names)
    {
        await using var member = await ClusterPool.TakeMemberAsync();
        await MemberClusters.GrantAsync(member);
        await member.CreateNamespaceAsync(shop);
        await member.ApplyAsync(Yaml.Workload(shop, names[1]));
        var made = await MemberClusters.KubeconfigAsync(member);
        var (name, token, home) = (_aviary.New(), made.Split("token: ")[1].Split('}')[0], stage.Scene.Home);
        _aviary.Add(token);
        var kubeconfig = made.Replace(" wayleave-member", $" {_aviary.New()}", StringComparison.Ordinal).Replace(" member", $" {_aviary.New()}", StringComparison.Ordinal);
        var registration = Yaml.MemberCluster(home, name, Map(20));
        await cluster.ApplyAsync($"{Yaml.Secret(home, name, "kubeconfig", kubeconfig)}\n---\n{registration}");
        await cluster.ApplyAsync(Yaml.In($"{{names: [{name}, {_aviary.New()}]}}", Yaml.Intents(shop, names[0], $"[{{kubernetes: {{name: {names[1]}}}}}]", _aviary.New())));
        await member.WaitForPoliciesAsync(shop, names[1]);
        // Another secret is a rotation only once the first one is on record.
        await cluster.WaitForAsync<Cluster>("the credentials to be on record", null, name, found => found.Status?.Credentials is not null);
        await cluster.ApplyAsync(Yaml.Secret(home, name, "kubeconfig", $"{kubeconfig}# {_aviary.New()}\n"));
        await stage.WaitForAsync("CLUSTER_CREDENTIALS_ROTATED", 1);
        await cluster.DeleteAsync(registration);
        await stage.WaitForAsync("CLUSTERS_DELETED", 1);
        foreach (var bad in new[] { kubeconfig.Replace(token, _aviary.New(), StringComparison.Ordinal), kubeconfig.Replace("server:", $"proxy-url: http://{_aviary.New()}, server:", StringComparison.Ordinal) })
        {
            var one = _aviary.New();
            await cluster.ApplyAsync($"{Yaml.Secret(home, one, "kubeconfig", bad)}\n---\n{Yaml.MemberCluster(home, one)}");
            await cluster.WaitForAsync<Cluster>("the Cluster to be refused", null, one, found => found.Ready()?.Status == "False");
        }
    }

    // A webhook that denies with a canary; names that do not exist, that are ambiguous, that are taken; what no schema catches.
    private async Task FailAsync(TestCluster cluster, TelemetryStage stage, string shop, List<string> names)
    {
        await cluster.ApplyAsync(Yaml.Workload(shop, names[7], "StatefulSet"));
        await cluster.ApplyAsync(Yaml.Intents(shop, names[8], $"[{{kubernetes: {{name: {_aviary.New()}}}}}, {{kubernetes: {{name: {names[7]}}}}}, {{internet: {{ips: [203.0.113.5/24], domains: [{_aviary.New()}.invalid]}}}}]"));
        await using var gate = await AdmissionGate.SetAsync(cluster, shop);
        gate.Deny(_aviary.New());
        await cluster.ApplyAsync(Yaml.Intents(shop, names[9], $"[{{kubernetes: {{name: {names[10]}}}}}]"));
        await stage.Collector.WaitForAsync(_ => stage.Count("ERRORS") > 0, Poll.Patience, "ERRORS");
        gate.Open();
    }

    // Somebody who may write the ledger writes canaries wherever there is a text.
    private async Task TamperAsync(TelemetryStage stage)
    {
        stage.Collector.Otherwise = OtlpAnswer.Accept;
        var ledger = (await stage.Scene.Cluster.Client.GetAsync<V1ConfigMap>(TelemetryStage.Ledger, stage.Scene.Home, default))!;
        var batch = JsonNode.Parse(ledger.Data!["acknowledged"])!.AsObject();
        batch.Remove("acknowledgedAt");
        batch["serviceVersion"] = $"1.2.3-{_aviary.New()}";
        ledger.Data["in-flight"] = batch.ToJsonString();
        ledger.Data["pending"] = $$"""{"counts": [{"type": "ERRORS", "count": 1, "component": "host", "exception": "{{_aviary.New()}}"}]}""";
        ledger.Data["context-id"] = _aviary.New();
        ledger.Data["totals"] = $$"""{"{{_aviary.New()}}": 1}""";
        ledger.Metadata = new V1ObjectMeta { Name = TelemetryStage.Ledger, NamespaceProperty = stage.Scene.Home };
        await stage.Scene.Cluster.Client.DeleteAsync<V1ConfigMap>(TelemetryStage.Ledger, stage.Scene.Home, null, default);
        await stage.Scene.Cluster.Client.CreateAsync(ledger, default);
    }

    private async Task AddUidsAsync(TestCluster cluster, string shop)
    {
        var system = (await cluster.Client.GetAsync<V1Namespace>("kube-system", null, default))!.Metadata.Uid!;
        _aviary.Add(system);
        _aviary.Add(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(system))));
        foreach (var one in (await cluster.Client.ListAsync<PartialDeployment>(new() { Namespace = shop }, default)).Items)
        {
            _aviary.Add(one.Metadata.Uid!);
        }

        foreach (var one in (await cluster.Client.ListAsync<ClientIntents>(new() { Namespace = shop }, default)).Items)
        {
            _aviary.Add(one.Metadata.Uid!);
        }
    }

    private string Map(int entries) => $"{{{string.Join(", ", Enumerable.Range(0, entries).Select(_ => $"{_aviary.New()}: {_aviary.New()}"))}}}";
}
