using System.Diagnostics;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Kubernetes.Tracing;

/// <summary>
/// Starts the spans of this layer: one for each reconcile, and below it one for each request to an API server. If tracing is off, there is
/// no source, and every method returns after one branch. Thread-safe.
/// </summary>
public sealed class KubernetesTracing(bool isEnabled) : IDisposable
{
    /// <summary>The name of the source, for listeners.</summary>
    public const string SourceName = "Wayleave.Kubernetes";

    private readonly ActivitySource? _source = isEnabled ? new ActivitySource(SourceName) : null;

    public bool IsEnabled => _source is not null;

    /// <summary>A client whose requests are spans, if a reconcile makes them. The same client if tracing is off.</summary>
    /// <param name="cluster">The name of a member cluster. Null for the operator's own cluster.</param>
    public IKubernetesClient Trace(IKubernetesClient client, EntityRegistry registry, string? cluster = null) =>
        IsEnabled ? new TracingClient(client, this, registry, cluster) : client;

    public void Dispose() => _source?.Dispose();

    /// <summary>Starts a span below the current one. Null if the current one is not recorded, or has ended.</summary>
    internal Activity? StartRequest(string name) =>
        Spans.Current is null ? null : _source?.StartActivity(name, ActivityKind.Client);

    /// <summary>Starts the first span of a trace. Null if tracing is off or nothing listens.</summary>
    internal Activity? StartReconcile(string kind) => _source?.StartActivity($"reconcile {kind}");
}
