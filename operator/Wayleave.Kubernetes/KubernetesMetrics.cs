using System.Diagnostics.Metrics;
using System.Globalization;

namespace Wayleave.Kubernetes;

/// <summary>The instruments of this layer, under the names that client-go's metrics made standard.</summary>
public sealed class KubernetesMetrics
{
    /// <summary>The name of the meter, for listeners.</summary>
    public const string MeterName = "Wayleave.Kubernetes";

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _requestDuration;
    private readonly Counter<long> _adds;
    private readonly Counter<long> _retries;
    private readonly UpDownCounter<long> _depth;
    private readonly Histogram<double> _workDuration;
    private readonly Counter<long> _reconciles;
    private readonly Counter<long> _relists;
    private readonly Counter<long> _watches;
    private readonly Counter<long> _droppedEvents;

    public KubernetesMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("rest_client_requests_total", description: "Requests to the API server by method and status code; code 0 means no answer.");
        _requestDuration = meter.CreateHistogram<double>("rest_client_request_duration_seconds", "s", "Time until the API server's answer began.");
        _adds = meter.CreateCounter<long>("workqueue_adds_total", description: "Keys added to a work queue.");
        _retries = meter.CreateCounter<long>("workqueue_retries_total", description: "Keys added again after a failure.");
        _depth = meter.CreateUpDownCounter<long>("workqueue_depth", description: "Keys that wait in a work queue.");
        _workDuration = meter.CreateHistogram<double>("workqueue_work_duration_seconds", "s", "Time to process one key.");
        _reconciles = meter.CreateCounter<long>("wayleave_reconciles_total", description: "Reconciliations by controller and result.");
        _relists = meter.CreateCounter<long>("wayleave_informer_lists_total", description: "Full lists that informers made, by resource.");
        _watches = meter.CreateCounter<long>("wayleave_informer_watches_total", description: "Watches that informers opened, by resource.");
        _droppedEvents = meter.CreateCounter<long>("wayleave_events_dropped_total", description: "Kubernetes Events not recorded because the buffer was full or the API server refused them.");
    }

    internal void RequestDone(string method, int code, TimeSpan elapsed)
    {
        _requests.Add(1, new("method", method), new("code", code.ToString(CultureInfo.InvariantCulture)));
        _requestDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("verb", method));
    }

    internal void Queued(string queue)
    {
        _adds.Add(1, new KeyValuePair<string, object?>("name", queue));
        _depth.Add(1, new KeyValuePair<string, object?>("name", queue));
    }

    internal void Taken(string queue) => _depth.Add(-1, new KeyValuePair<string, object?>("name", queue));

    internal void Retried(string queue) => _retries.Add(1, new KeyValuePair<string, object?>("name", queue));

    internal void Worked(string queue, TimeSpan elapsed) => _workDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("name", queue));

    internal void Reconciled(string controller, string result) => _reconciles.Add(1, new("controller", controller), new("result", result));

    internal void Listed(string resource) => _relists.Add(1, new KeyValuePair<string, object?>("resource", resource));

    internal void Watched(string resource) => _watches.Add(1, new KeyValuePair<string, object?>("resource", resource));

    internal void EventDropped() => _droppedEvents.Add(1);
}
