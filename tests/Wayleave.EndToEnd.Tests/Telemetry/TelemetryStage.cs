using k8s.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Telemetry;

/// <summary>A scene with a collector, and what arrived there.</summary>
internal sealed class TelemetryStage : IAsyncDisposable
{
    public const string Ledger = "wayleave-telemetry";
    private const string EndpointFlag = "--telemetry-endpoint";

    private TelemetryStage(Scene scene, OtlpCollector collector)
    {
        Scene = scene;
        Collector = collector;
    }

    public Scene Scene { get; }

    public OtlpCollector Collector { get; }

    /// <summary>What a receiver keeps that drops second copies, in the order of arrival.</summary>
    public IReadOnlyList<OtlpRecord> Records => [.. Collector.Records.DistinctBy(record => record.EventId)];

    public static async Task<TelemetryStage> SetAsync(TestCluster cluster) => new(await Scene.SetAsync(cluster), await OtlpCollector.StartAsync());

    /// <summary>Starts an operator that flushes every second to the collector; returns when it is ready.</summary>
    public Task<OperatorProcess> StartAsync(params IReadOnlyList<string> flags) =>
        StartAsync(new Dictionary<string, string>(StringComparer.Ordinal), flags);

    /// <param name="environment">Variables for it.</param>
    /// <param name="flags">On top; an endpoint among them takes the place of the collector's.</param>
    public async Task<OperatorProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> flags)
    {
        var isTold = flags.Any(flag => flag.StartsWith(EndpointFlag, StringComparison.Ordinal));
        string[] own = ["--telemetry-flush-interval=1s", .. isTold ? Array.Empty<string>() : [EndpointFlag, Collector.Endpoint.OriginalString]];
        var started = await Scene.StartAsync(new OperatorSettings { Arguments = [.. own, .. flags], Environment = environment });
        await started.WaitUntilReadyAsync();
        return started;
    }

    /// <summary>One intent from a new caller to a new server, applied.</summary>
    public async Task ApplyOneAsync(string server)
    {
        await Scene.DeployAsync(server, $"caller-of-{server}");
        await Scene.DeclareAsync($"caller-of-{server}", $"[{{kubernetes: {{name: {server}}}}}]");
        await Scene.Cluster.WaitUntilAppliedAsync(Scene.Namespace, $"caller-of-{server}");
    }

    /// <summary>Undoes <see cref="ApplyOneAsync"/>; returns when the policy is gone.</summary>
    public async Task DeleteOneAsync(string server)
    {
        await Scene.Cluster.DeleteAsync(Yaml.Intents(Scene.Namespace, $"caller-of-{server}", "[]"));
        await Testing.ControlPlane.Poll.UntilAsync(
            $"the policy of {server} to be gone",
            async token => !(await Scene.Cluster.PolicyNamesAsync(Scene.Namespace, token)).Contains($"wayleave-deployment-{server}-ingress"),
            Poll.Patience,
            default);
    }

    /// <summary>The sum of all counts of that type.</summary>
    public long Count(string type) => Records.Where(record => record.EventType == type).Sum(record => record.Count);

    /// <summary>What the last record of that type said; null if it said nothing.</summary>
    public long? Total(string type) =>
        Records.LastOrDefault(record => record.EventType == type)?.Attributes.TryGetValue("total", out var total) == true ? (long)total : null;

    /// <summary>Returns when the counts of a type have come to this. A count beyond it fails.</summary>
    public async Task WaitForAsync(string type, long count)
    {
        await Collector.WaitForAsync(_ => Count(type) >= count, Poll.Patience, $"{count} {type}");
        Count(type).ShouldBe(count, type);
    }

    /// <summary>Null when there is none.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> ReadLedgerAsync() =>
        (await Scene.Cluster.Client.GetAsync<V1ConfigMap>(Ledger, Scene.Home, default))?.Data.ToMap();

    public async ValueTask DisposeAsync()
    {
        await Scene.DisposeAsync();
        await Collector.DisposeAsync();
    }
}
