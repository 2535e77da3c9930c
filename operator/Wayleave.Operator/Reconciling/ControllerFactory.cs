using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Queue;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Recording;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Operator.Reconciling;

/// <summary>Makes controllers that count their errors in telemetry and record them in the event store.</summary>
internal sealed class ControllerFactory(
    OperatorOptions options, IUsageCounter usage, OperatorEventRecorder events, KubernetesMetrics metrics, KubernetesTracing tracing,
    TimeProvider time)
{
    /// <param name="queue">The keys to reconcile.</param>
    /// <param name="reconciler">Called for each key.</param>
    /// <param name="name">The name in metrics.</param>
    /// <param name="kind">The kind in logs and traces.</param>
    /// <param name="component">The component in the ERRORS events of telemetry.</param>
    /// <param name="cluster">The member cluster. Null for the operator's own cluster.</param>
    public Controller<TKey> Create<TKey>(
        RateLimitingQueue<TKey> queue, IReconciler<TKey> reconciler, string name, string kind, ErrorComponent component,
        ILoggerFactory loggers, string? cluster = null)
        where TKey : struct, INamespacedKey
    {
        queue.MeasuresWaits = tracing.IsEnabled;
        queue.RemembersCauses = events.IsEnabled;
        var settings = new ControllerOptions
        {
            Name = name,
            Kind = kind,
            Cluster = cluster,
            Tracing = tracing,
            Workers = options.Workers,
            OnError = failure =>
            {
                usage.CountError(component, failure.Error.GetType());
                events.ReconcileFailed(kind, failure, name, cluster);
            },
        };
        return new Controller<TKey>(queue, reconciler, settings, metrics, time, loggers.CreateLogger<Controller<TKey>>());
    }
}
