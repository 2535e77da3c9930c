using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Queue;
using Wayleave.Operator.Configuration;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Operator.Reconciling;

/// <summary>Makes controllers that count their errors in telemetry.</summary>
internal sealed class ControllerFactory(OperatorOptions options, IUsageCounter usage, KubernetesMetrics metrics, TimeProvider time)
{
    /// <param name="queue">The keys to reconcile.</param>
    /// <param name="reconciler">Called for each key.</param>
    /// <param name="name">The name in metrics.</param>
    /// <param name="kind">The kind in logs.</param>
    /// <param name="component">The component in the ERRORS events of telemetry.</param>
    /// <param name="loggers">Where it logs.</param>
    public Controller<TKey> Create<TKey>(
        RateLimitingQueue<TKey> queue, IReconciler<TKey> reconciler, string name, string kind, ErrorComponent component,
        ILoggerFactory loggers)
        where TKey : struct, INamespacedKey
    {
        var settings = new ControllerOptions
        {
            Name = name,
            Kind = kind,
            Workers = options.Workers,
            OnError = error => usage.CountError(component, error.GetType()),
        };
        return new Controller<TKey>(queue, reconciler, settings, metrics, time, loggers.CreateLogger<Controller<TKey>>());
    }
}
