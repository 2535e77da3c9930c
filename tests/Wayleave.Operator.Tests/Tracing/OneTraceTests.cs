using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Reconciling;
using Wayleave.Operator.Tracing;
using Wayleave.Telemetry.Settings;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Otlp;

namespace Wayleave.Operator.Tests.Tracing;

/// <summary>The whole operator with a fake API server, and a collector for its spans.</summary>
[Collection(TracingCollection.Name)]
public sealed class OneTraceTests : IAsyncLifetime, IDisposable
{
    private const string PipelineTrace = "0af7651916cd43dd8448eb211c80319c";

    private readonly FakeCluster _cluster = Shop.Cluster();
    private readonly TraceLog _log = new();
    private OtlpCollector _traces = null!;
    private OtlpCollector _usage = null!;

    private RunningOptions Traced => new()
    {
        Tracing = new TracingSettings(_traces.Endpoint, 1, CollectorHeaders.None, CaFile: null),
        Logs = _log,
        Recorder = _log,
    };

    public async Task InitializeAsync()
    {
        _traces = await OtlpCollector.StartAsync();
        _usage = await OtlpCollector.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _traces.DisposeAsync();
        await _usage.DisposeAsync();
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task The_spans_log_lines_and_Events_of_a_reconcile_share_its_trace_ID_and_link_to_the_pipeline()
    {
        await using (var running = await Shop.StartAsync(_cluster, Traced))
        {
            _cluster.User.Put(Annotated(Shop.Intents(), $"00-{PipelineTrace}-b7ad6b7169203331-01"));
            await running.SettleAsync();
            _cluster.User.Delete<PartialDeployment>(Shop.Namespace, "checkout");
            await running.SettleAsync();
            await UntilReceivedAsync("create NetworkPolicy", "patch ClientIntents status");
        }

        var created = _traces.Spans.Single(span => span.Name == "create NetworkPolicy");
        var policy = Reconcile(created);
        (policy.Name, policy.ParentId, policy.Scope).ShouldBe(("reconcile Subject", "", KubernetesTracing.SourceName));
        (policy.Attributes[SpanAttributes.Namespace], policy.Attributes[SpanAttributes.Name]).ShouldBe((Shop.Namespace, "cart"));
        policy.Links.ShouldBe([PipelineTrace]);
        _traces.Spans.ShouldContain(span => span.Name == "decide" && span.ParentId == policy.SpanId && span.Scope == OperatorTracing.SourceName);
        _log.Lines.ShouldContain((Shop.CartPolicy, policy.TraceId));

        var patched = _traces.Spans.First(span => span.Name == "patch ClientIntents status");
        var status = Reconcile(patched);
        status.Name.ShouldBe("reconcile ClientIntents");
        status.Links.ShouldBe([PipelineTrace]);
        _log.Events.ShouldNotBeEmpty();
        _log.Events.ShouldAllBe(entry => _traces.Spans.Any(span => span.Name == "patch ClientIntents status" && span.TraceId == entry.TraceId));
    }

    [Theory]
    [InlineData("not a traceparent")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-00")]
    public async Task An_invalid_annotation_is_ignored_and_not_kept(string value)
    {
        await using (var running = await Shop.StartAsync(_cluster, Traced))
        {
            _cluster.User.Put(Annotated(Shop.Intents(), value));
            await running.SettleAsync();
            running.Errors.ShouldBeEmpty();
            await UntilReceivedAsync("create NetworkPolicy");
        }

        _traces.Spans.ShouldAllBe(span => span.Links.Count == 0);
        _cluster.Policy().ShouldNotBeNull();
    }

    [Fact]
    public async Task Spans_go_to_the_tracing_endpoint_only_and_usage_to_the_telemetry_endpoint_only()
    {
        var options = Traced with { Telemetry = TelemetrySettings.Default with { Endpoint = _usage.Endpoint } };
        await using (var running = await Shop.StartAsync(_cluster, options))
        {
            _cluster.User.Put(Shop.Intents());
            await running.UntilAsync("the status", () => _cluster.Declared().Condition()?.Status == "True");
            await running.UntilAsync("usage", () => _usage.Records.Count > 0);
            await UntilReceivedAsync("create NetworkPolicy");
        }

        _traces.Requests.ShouldAllBe(request => request.Target == "/v1/traces" && request.Records.Count == 0);
        _usage.Requests.ShouldAllBe(request => request.Target == "/v1/logs" && request.Spans.Count == 0);
        _usage.Requests.ShouldAllBe(request => !request.Headers.ContainsKey("traceparent"));
        _usage.Records.ShouldAllBe(record => record.Raw.TraceId.IsEmpty);
        var ids = _traces.Spans.Select(span => span.TraceId).ToHashSet(StringComparer.Ordinal);
        _usage.Requests.ShouldAllBe(request => ids.All(id => !Convert.ToHexStringLower(request.Body).Contains(id, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nothing_is_sent_when_tracing_is_off_and_log_lines_still_have_a_trace_ID()
    {
        await using (var running = await Shop.StartAsync(_cluster, Traced with { Tracing = null }))
        {
            _cluster.User.Put(Annotated(Shop.Intents(), $"00-{PipelineTrace}-b7ad6b7169203331-01"));
            await running.SettleAsync();
        }

        _traces.Connections.ShouldBe(0);
        _log.Lines.Where(line => line.Object == Shop.CartPolicy).ShouldAllBe(line => line.TraceId.Length == 32 && line.TraceId != PipelineTrace);
        _log.Lines.ShouldContain(line => line.Object == Shop.CartPolicy);
    }

    // Each with its reconcile, which ends after it, and the reconciles of all Events. At a stop, what waits is sent for two seconds only,
    // which a busy machine can exceed.
    private Task UntilReceivedAsync(params IReadOnlyList<string> names) => Poll.UntilAsync(
        string.Join(" and ", names),
        _ =>
        {
            var spans = _traces.Spans;
            return Task.FromResult(names.All(name => spans.Any(span =>
                    span.Name == name && spans.Any(parent => parent.SpanId == span.ParentId)))
                && _log.Events.All(entry => spans.Any(span => span.TraceId == entry.TraceId && span.ParentId.Length == 0)));
        },
        Poll.Patience,
        default);

    private OtlpSpan Reconcile(OtlpSpan child) => _traces.Spans.Single(span => span.SpanId == child.ParentId && span.TraceId == child.TraceId);

    private static ClientIntents Annotated(ClientIntents intents, string traceParent)
    {
        intents.Metadata.Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { [TraceParentAnnotation.Name] = traceParent };
        return intents;
    }
}
