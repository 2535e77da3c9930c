using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Queue;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Operator.Configuration;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Operator.Reconciling;

/// <summary>Makes controllers that count their errors in telemetry.</summary>
internal sealed class ControllerFactory(
    OperatorOptions options, IUsageCounter usage, KubernetesMetrics metrics, KubernetesTracing tracing, TimeProvider time)
{
    /// <param name="queue">The keys to reconcile.</param>
    /// <param name="reconciler">Called for each key.</param>
    /// <param name="name">The name in metrics.</param>
    /// <param name="kind">The kind in logs and traces.</param>
    /// <param name="component">The component in the ERRORS events of telemetry.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="cluster">The member cluster. Null for the operator's own cluster.</param>
    public Controller<TKey> Create<TKey>(
        RateLimitingQueue<TKey> queue, IReconciler<TKey> reconciler, string name, string kind, ErrorComponent component,
        ILoggerFactory loggers, string? cluster = null)
        where TKey : struct, INamespacedKey
    {
        queue.MeasuresWaits = tracing.IsEnabled;
        var settings = new ControllerOptions
        {
            Name = name,
            Kind = kind,
            Cluster = cluster,
            Tracing = tracing,
            Workers = options.Workers,
            OnError = error => usage.CountError(component, error.GetType()),
        };
        return new Controller<TKey>(queue, reconciler, settings, metrics, time, loggers.CreateLogger<Controller<TKey>>());
    }
}
