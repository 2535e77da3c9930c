using k8s.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Telemetry;

/// <summary>
/// Runs an operator from start to SIGTERM through everything that is counted, in an environment that tries to add to what is sent. It runs
/// once; the tests examine what arrived.
/// </summary>
public sealed class UsageStory : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal)
    {
        ["OTEL_RESOURCE_ATTRIBUTES"] = "host.name=secret-host,k8s.cluster.name=secret-cluster",
        ["OTEL_SERVICE_NAME"] = "secret-service",
        ["OTEL_EXPORTER_OTLP_LOGS_HEADERS"] = "x-secret=secret-header",
        ["POD_NAME"] = "secret-pod",
    };

    private TestCluster _cluster = null!;
    private TestCluster _member = null!;
    private TelemetryStage _stage = null!;

    public IReadOnlyList<OtlpRecord> Records => _stage.Records;

    public IReadOnlyList<OtlpRequest> Requests => _stage.Collector.Requests;

    /// <summary>Texts of the cluster that must not leave it.</summary>
    public IReadOnlyList<string> Secrets =>
    [
        "secret", _stage.Scene.Namespace, _stage.Scene.Home, "zebra", "giraffe", "okapi", "gnu", "/v1/stripes", "198.51.100.7", "savanna", "antelope",
        "127.0.0.1", SystemUid, System.Environment.MachineName,
    ];

    /// <summary>The UID of <c>kube-system</c>.</summary>
    public string SystemUid { get; private set; } = "";

    /// <summary>The number of failed reconciles in the operator's metrics.</summary>
    public double FailedReconciliations { get; private set; }

    public long Count(string type) => _stage.Count(type);

    public long? Total(string type) => _stage.Total(type);

    public async Task InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(OwnControlPlane.Options);
        _member = await ClusterPool.TakeMemberAsync();
        _stage = await TelemetryStage.SetAsync(_cluster);
        SystemUid = (await _cluster.Client.GetAsync<V1Namespace>("kube-system", null, default))!.Metadata.Uid!;
        await _stage.Scene.DeployAsync("zebra", "giraffe", "okapi", "gnu");
        var running = await _stage.StartAsync(Environment, [.. TelemetryStage.ElectionFlags, "--telemetry-active-interval=1s", "--observed-intents"]);
        await _stage.Collector.WaitForAsync(_ => Count("ACTIVE") > 0, Poll.Patience, "ACTIVE");
        await DeclareAsync();
        await ProtectAsync();
        await ConfigureAsync();
        await ConnectAsync();
        await DiscoverAsync();
        await _stage.DisturbAsync(running);
        await EditAsync();
        await DeleteAsync();
        await FailAsync();
        await _stage.Collector.WaitForAsync(_ => Records.Any(IsOfThisSize), Poll.Patience, "an ACTIVE that describes the declared");
        await running.WaitUntilIdleAsync(1);
        FailedReconciliations = (await running.ReadMetricsAsync()).Sum("wayleave_reconciles_total", "result=\"error\"");
        await running.StopAsync();
    }

    public async Task DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _member.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    private async Task DeclareAsync()
    {
        string[] targets =
        [
            "{kubernetes: {name: giraffe}}",
            "{kubernetes: {name: okapi, http: [{path: /v1/stripes, methods: [GET]}]}}",
            "{kafka: {name: savanna-kafka, topics: [{name: savanna-topic, operations: [produce]}]}}",
            "{sql: {name: savanna-db, privileges: [{databaseName: savanna, table: public.savanna, operations: [SELECT]}]}}",
            "{internet: {ips: [198.51.100.7], domains: [savanna.example.com], ports: [443]}}",
        ];
        await _stage.Scene.DeclareAsync("zebra", $"[{string.Join(", ", targets)}]");
        await _stage.WaitForAsync("INTENTS_APPLIED", 5);
        await _stage.WaitForAsync("NETWORK_POLICIES_CREATED", 2);
    }

    private async Task ProtectAsync()
    {
        await _cluster.ApplyAsync(Yaml.Protection(_stage.Scene.Namespace, "gnu"));
        await _stage.WaitForAsync("PROTECTED_SERVICE_APPLIED", 1);
        await _stage.WaitForAsync("NETWORK_POLICIES_CREATED", 3);
    }

    private async Task ConfigureAsync()
    {
        var policy = Yaml.Enforcement("savanna", "{mode: Shadow, namespaceSelector: {matchLabels: {savanna: none}}}");
        var kafka = Yaml.KafkaServer(_stage.Scene.Namespace, "gnu", "savanna.example.com:9092");
        await _cluster.ApplyAsync($"{policy}\n---\n{kafka}");
        await _stage.WaitForAsync("POLICIES_APPLIED", 1);
        await _stage.WaitForAsync("KAFKA_SERVER_CONFIG_APPLIED", 1);
        await _cluster.DeleteAsync(policy);
        await _cluster.DeleteAsync(kafka);
        await _stage.WaitForAsync("POLICIES_DELETED", 1);
        await _stage.WaitForAsync("KAFKA_SERVER_CONFIG_DELETED", 1);
    }

    private async Task ConnectAsync()
    {
        await MemberClusters.GrantAsync(_member);
        var kubeconfig = await MemberClusters.KubeconfigAsync(_member);
        var cluster = Yaml.MemberCluster(_stage.Scene.Home, "antelope", "{secret: antelope}");
        await _cluster.ApplyAsync($"{Yaml.Secret(_stage.Scene.Home, "antelope", "kubeconfig", kubeconfig)}\n---\n{cluster}");
        await _stage.WaitForAsync("CLUSTERS_APPLIED", 1);
        await _cluster.ApplyAsync(Yaml.Secret(_stage.Scene.Home, "antelope", "kubeconfig", $"{kubeconfig}# of another day\n"));
        await _stage.WaitForAsync("CLUSTER_CREDENTIALS_ROTATED", 1);
        await _cluster.DeleteAsync(cluster);
        await _stage.WaitForAsync("CLUSTERS_DELETED", 1);
        await _cluster.ApplyAsync(cluster);
        await _stage.WaitForAsync("CLUSTERS_APPLIED", 2);
    }

    private async Task DiscoverAsync()
    {
        var call = Yaml.Call("{internet: {domains: [savanna.example.com], ports: [443]}}");
        var zebra = Yaml.Observed(_stage.Scene.Namespace, "zebra", $"[{call}]", "{intents: 4, tcp: 3, socketScan: 1, dns: 2}");
        await _cluster.ApplyAsync(zebra);
        await _cluster.ApplyAsync(Yaml.Observed(_stage.Scene.Namespace, "gnu", "[]", "{intents: 1, tcp: 1}"));
        await _stage.WaitForAsync("INTENTS_DISCOVERED", 5);
        await _cluster.DeleteAsync(zebra);
        await _cluster.ApplyAsync(Yaml.Observed(_stage.Scene.Namespace, "gnu", $"[{call}]", "{intents: 2, tcp: 2}"));
        await _stage.WaitForAsync("INTENTS_DISCOVERED", 6);
        await _stage.WaitForAsync("NAMESPACE_DISCOVERED", 1);
    }

    private async Task EditAsync()
    {
        await _stage.Scene.DeclareAsync("zebra", "[{kubernetes: {name: giraffe}}]");
        await _stage.WaitForAsync("INTENTS_APPLIED", 6);
        await _stage.WaitForAsync("NETWORK_POLICIES_DELETED", 1);
    }

    private async Task DeleteAsync()
    {
        await _cluster.DeleteAsync(Yaml.Protection(_stage.Scene.Namespace, "gnu"));
        await _cluster.DeleteAsync(Yaml.Intents(_stage.Scene.Namespace, "zebra", "[]"));
        await _stage.WaitForAsync("PROTECTED_SERVICE_DELETED", 1);
        await _stage.WaitForAsync("INTENTS_DELETED", 1);
        await _stage.WaitForAsync("NETWORK_POLICIES_DELETED", 3);
    }

    private async Task FailAsync()
    {
        await using var gate = await AdmissionGate.SetAsync(_cluster, _stage.Scene.Namespace);
        gate.Deny();
        await _stage.Scene.DeclareAsync("zebra", "[{kubernetes: {name: giraffe}}]");
        await _stage.Collector.WaitForAsync(_ => Count("ERRORS") > 0, Poll.Patience, "ERRORS");
        gate.Open();
        await _stage.WaitForAsync("INTENTS_APPLIED", 7);
        await _stage.WaitForAsync("NETWORK_POLICIES_CREATED", 4);
    }

    private static bool IsOfThisSize(OtlpRecord record) => record.Attributes.TryGetValue("changes.other", out var changes) && changes is true;
}
