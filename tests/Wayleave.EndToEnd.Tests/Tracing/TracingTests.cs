using k8s.Models;
using Wayleave.Api;
using Wayleave.EndToEnd.Tests.Events;
using Wayleave.EndToEnd.Tests.Telemetry;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Tracing;

/// <summary>One edit from a pipeline, in spans, log lines and Events, with usage telemetry sent at the same time to another collector.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class TracingTests(TelemetryCluster cluster) : IDisposable
{
    private const string PipelineTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string CartPolicy = "wayleave-deployment-cart-ingress";

    private readonly string _directory = Directory.CreateTempSubdirectory("wayleave-events").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_spans_log_lines_Event_and_stored_event_of_a_reconcile_share_one_ID_and_never_mix_with_usage()
    {
        await using var traces = await OtlpCollector.StartAsync();
        await using var stage = await cluster.SetAsync();
        var reader = await StoredEvents.AllowAsync(stage.Scene);
        var running = await stage.StartAsync(
            "--tracing-endpoint", traces.Endpoint.OriginalString, "--tracing-sampling-ratio=1", $"--event-store-dir={_directory}", "--event-port=0");
        await DeclareAsync(stage);

        await stage.Scene.Cluster.Client.DeleteAsync<V1NetworkPolicy>(CartPolicy, stage.Scene.Namespace, preconditions: null, default);
        var repaired = await UntilRepairedAsync(stage);
        await stage.WaitForAsync("INTENTS_APPLIED", 1);
        var stored = await reader.UntilAsync(running, "type=policy_restored");
        var metrics = await ReadOpenMetricsAsync(running);
        await running.StopAsync();

        var id = repaired.Metadata.Annotations.Find(WayleaveLabels.TraceId).ShouldNotBeNull();
        var spans = traces.Spans.Where(span => span.TraceId == id).ToList();
        var root = spans.Single(span => span.ParentId.Length == 0);
        root.Attributes[SpanAttributes.Name].ShouldBe("cart");
        root.Links.ShouldBe([PipelineTrace]);
        spans.Select(span => span.Name).ShouldBe(["decide", "create NetworkPolicy", root.Name], ignoreOrder: true);
        running.Log.ShouldContain(line => line.Contains(id, StringComparison.Ordinal));
        stored.ShouldHaveSingleItem().Run.ShouldBe(id);
        traces.Spans.ShouldContain(span => metrics.Contains($"trace_id=\"{span.TraceId}\"", StringComparison.Ordinal), "an exemplar of a span");

        traces.Spans.ShouldContain(span => span.Name == "patch ClientIntents status");
        traces.Requests.ShouldAllBe(request => request.Target == "/v1/traces");
        stage.Collector.Requests.ShouldAllBe(request => request.Target == "/v1/logs" && !request.Headers.ContainsKey("traceparent"));
    }

    [Fact]
    public async Task Without_tracing_an_Event_has_the_trace_ID_of_its_log_lines()
    {
        await using var stage = await cluster.SetAsync();
        var running = await stage.StartAsync();
        await DeclareAsync(stage);

        await stage.Scene.Cluster.Client.DeleteAsync<V1NetworkPolicy>(CartPolicy, stage.Scene.Namespace, preconditions: null, default);
        var repaired = await UntilRepairedAsync(stage);
        await running.StopAsync();

        var id = repaired.Metadata.Annotations.Find(WayleaveLabels.TraceId).ShouldNotBeNull();
        running.Log.ShouldContain(line => line.Contains(id, StringComparison.Ordinal));
        running.Log.ShouldNotContain(line => line.Contains(PipelineTrace, StringComparison.Ordinal));
    }

    // As Prometheus asks.
    private static async Task<string> ReadOpenMetricsAsync(OperatorProcess running)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("Accept", "application/openmetrics-text;version=1.0.0");
        return await client.GetStringAsync(new Uri(running.Metrics!, "/metrics"));
    }

    // As a pipeline does that names its trace.
    private static async Task DeclareAsync(TelemetryStage stage)
    {
        await stage.Scene.DeployAsync("cart", "checkout");
        await stage.Scene.Cluster.ApplyAsync(
            $$$"""
            apiVersion: wayleave.dev/v1beta1
            kind: ClientIntents
            metadata:
              name: checkout
              namespace: {{{stage.Scene.Namespace}}}
              annotations: {tracing.k8s.io/traceparent: 00-{{{PipelineTrace}}}-b7ad6b7169203331-01}
            spec: {workload: {name: checkout}, targets: [{kubernetes: {name: cart}}]}
            """);
        await stage.Scene.Cluster.WaitUntilAppliedAsync(stage.Scene.Namespace, "checkout");
    }

    private static async Task<Eventsv1Event> UntilRepairedAsync(TelemetryStage stage) => (await Poll.UntilAsync(
        "the Event of the repair",
        async token => (await stage.Scene.Cluster.Client.ListAsync<Eventsv1Event>(new ListOptions { Namespace = stage.Scene.Namespace }, token))
            .Items.FirstOrDefault(entry => entry.Reason == Reasons.DriftRepaired),
        entry => entry is not null,
        Poll.Patience,
        CancellationToken.None))!;
}
