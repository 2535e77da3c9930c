using k8s.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Telemetry;

/// <summary>A scene with a collector and the records that arrived there.</summary>
internal sealed class TelemetryStage : IAsyncDisposable
{
    public const string Ledger = "wayleave-telemetry";
    public static readonly IReadOnlyList<string> ElectionFlags = ["--leader-elect", "--leader-elect-retry-period=300ms"];
    private const string EndpointFlag = "--telemetry-endpoint";

    private TelemetryStage(Scene scene, OtlpCollector collector)
    {
        Scene = scene;
        Collector = collector;
    }

    public Scene Scene { get; }

    public OtlpCollector Collector { get; }

    /// <summary>The records without duplicates, in the order of arrival.</summary>
    public IReadOnlyList<OtlpRecord> Records => [.. Collector.Records.DistinctBy(record => record.EventId)];

    public static async Task<TelemetryStage> SetAsync(TestCluster cluster) => new(await Scene.SetAsync(cluster), await OtlpCollector.StartAsync());

    /// <summary>Starts an operator that flushes every second to the collector; returns when it is ready.</summary>
    public Task<OperatorProcess> StartAsync(params IReadOnlyList<string> flags) =>
        StartAsync(new Dictionary<string, string>(StringComparer.Ordinal), flags);

    /// <param name="environment">Environment variables of the operator.</param>
    /// <param name="flags">More flags. An endpoint among them replaces the collector's.</param>
    public async Task<OperatorProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> flags)
    {
        var hasEndpoint = flags.Any(flag => flag.StartsWith(EndpointFlag, StringComparison.Ordinal));
        string[] own = ["--telemetry-flush-interval=1s", .. hasEndpoint ? Array.Empty<string>() : [EndpointFlag, Collector.Endpoint.OriginalString]];
        var started = await Scene.StartAsync(new OperatorSettings { Arguments = [.. own, .. flags], Environment = environment });
        await started.WaitUntilReadyAsync();
        return started;
    }

    /// <summary>Declares one intent from a new caller to a new server, and waits until it is applied.</summary>
    public async Task ApplyOneAsync(string server)
    {
        await Scene.DeployAsync(server, $"caller-of-{server}");
        await Scene.DeclareAsync($"caller-of-{server}", $"[{{kubernetes: {{name: {server}}}}}]");
        await Scene.Cluster.WaitUntilAppliedAsync(Scene.Namespace, $"caller-of-{server}");
    }

    /// <summary>Deletes the intent of <see cref="ApplyOneAsync"/>, and waits until the policy is gone.</summary>
    public async Task DeleteOneAsync(string server)
    {
        await Scene.Cluster.DeleteAsync(Yaml.Intents(Scene.Namespace, $"caller-of-{server}", "[]"));
        await Testing.ControlPlane.Poll.UntilAsync(
            $"the policy of {server} to be gone",
            async token => !(await Scene.Cluster.PolicyNamesAsync(Scene.Namespace, token)).Contains($"wayleave-deployment-{server}-ingress"),
            Poll.Patience,
            default);
    }

    /// <summary>
    /// What happens to the process and not to objects: it loses the lease, and acquires it again. Start the operator with
    /// <see cref="ElectionFlags"/>.
    /// </summary>
    public async Task DisturbAsync(OperatorProcess running)
    {
        const string Taking = """{"spec": {"holderIdentity": "another", "leaseDurationSeconds": 1}}""";
        string[] take = ["patch", "lease", "wayleave-operator", $"--namespace={Scene.Home}", "--type=merge", $"--patch={Taking}"];
        (await Scene.Cluster.ControlPlane.KubectlAsync(take)).EnsureSuccess();
        await running.WaitForLogAsync(LogEvent.LostLeadership);
        await Testing.ControlPlane.Poll.UntilAsync(
            "the operator to lead again", _ => Task.FromResult(running.Lines().Count(LogEvent.BecameLeader.IsIn) > 1), Poll.Patience, default);
    }

    /// <summary>The sum of all counts of that type.</summary>
    public long Count(string type) => Records.Where(record => record.EventType == type).Sum(record => record.Count);

    /// <summary>The total in the last record of that type. Null for none.</summary>
    public long? Total(string type) =>
        Records.LastOrDefault(record => record.EventType == type)?.Attributes.TryGetValue("total", out var total) == true ? (long)total : null;

    /// <summary>Waits until the counts of a type reach this number, and fails if they exceed it.</summary>
    public async Task WaitForAsync(string type, long count)
    {
        await Collector.WaitForAsync(_ => Count(type) >= count, Poll.Patience, $"{count} {type}");
        Count(type).ShouldBe(count, type);
    }

    /// <summary>Reads the data of the ledger. Null for none.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> ReadLedgerAsync() =>
        (await Scene.Cluster.Client.GetAsync<V1ConfigMap>(Ledger, Scene.Home, default))?.Data.ToMap();

    public async ValueTask DisposeAsync()
    {
        await Scene.DisposeAsync();
        await Collector.DisposeAsync();
    }
}
