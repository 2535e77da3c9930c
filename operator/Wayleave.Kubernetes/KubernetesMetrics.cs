using System.Collections.Concurrent;
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
    private readonly Histogram<double> _workDuration;
    private readonly Counter<long> _reconciles;
    private readonly Counter<long> _relists;
    private readonly Counter<long> _watches;
    private readonly Counter<long> _droppedEvents;
    private readonly MeasuredSources _depths = new();
    private readonly MeasuredSources _longestRunning = new();

    public KubernetesMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>(
            "rest_client_requests_total", description: "Requests to API servers by host, method and status code; code 0 means no response.");
        _requestDuration = meter.CreateHistogram<double>(
            "rest_client_request_duration_seconds", "s", "Time until the API server's response began, by host and verb.");
        _adds = meter.CreateCounter<long>("workqueue_adds_total", description: "Keys added to a work queue.");
        _retries = meter.CreateCounter<long>("workqueue_retries_total", description: "Keys added again after a failure.");
        meter.CreateObservableGauge("workqueue_depth", () => _depths.Read(Enumerable.Sum), description: "Keys that wait in a work queue.");
        _workDuration = meter.CreateHistogram<double>("workqueue_work_duration_seconds", "s", "Time to process one key.");
        meter.CreateObservableGauge(
            "workqueue_longest_running_processor_seconds",
            () => _longestRunning.Read(Enumerable.Max),
            "s",
            "How long the longest-running worker of a work queue has been busy with its key.");
        _reconciles = meter.CreateCounter<long>("wayleave_reconciles_total", description: "Reconciliations by controller and result.");
        _relists = meter.CreateCounter<long>("wayleave_informer_lists_total", description: "Full lists that informers made, by resource.");
        _watches = meter.CreateCounter<long>("wayleave_informer_watches_total", description: "Watches that informers opened, by resource.");
        _droppedEvents = meter.CreateCounter<long>(
            "wayleave_events_dropped_total",
            description: "Kubernetes Events not recorded because the buffer was full or the API server refused them.");
        _droppedEvents.Add(0);
    }

    /// <summary>Reports <paramref name="depth"/> in <c>workqueue_depth</c> until disposed. Queues of the same name are added up.</summary>
    internal IDisposable TrackDepth(string queue, Func<double> depth)
    {
        _adds.Add(0, new KeyValuePair<string, object?>("name", queue));
        _retries.Add(0, new KeyValuePair<string, object?>("name", queue));
        return _depths.Add(queue, depth);
    }

    /// <summary>
    /// Reports in <c>workqueue_longest_running_processor_seconds</c> until disposed. Of workers of the same name, the longest counts.
    /// </summary>
    internal IDisposable TrackLongestRunning(string queue, Func<TimeSpan> running) =>
        _longestRunning.Add(queue, () => running().TotalSeconds);

    internal void RecordRequest(string host, string method, int code, TimeSpan elapsed)
    {
        _requests.Add(1, new("host", host), new("method", method), new("code", code.ToString(CultureInfo.InvariantCulture)));
        _requestDuration.Record(elapsed.TotalSeconds, new("host", host), new("verb", method));
    }

    internal void RecordAdd(string queue) => _adds.Add(1, new KeyValuePair<string, object?>("name", queue));

    internal void RecordRetry(string queue) => _retries.Add(1, new KeyValuePair<string, object?>("name", queue));

    internal void RecordWorkDuration(string queue, TimeSpan elapsed) =>
        _workDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("name", queue));

    internal void RecordReconcile(string controller, string result) =>
        _reconciles.Add(1, new("controller", controller), new("result", result));

    internal void RecordList(string resource) => _relists.Add(1, new KeyValuePair<string, object?>("resource", resource));

    internal void RecordWatch(string resource) => _watches.Add(1, new KeyValuePair<string, object?>("resource", resource));

    internal void RecordDroppedEvent() => _droppedEvents.Add(1);

    /// <summary>Values that are read on each scrape, by name. Thread-safe.</summary>
    private sealed class MeasuredSources
    {
        private readonly ConcurrentDictionary<Source, string> _names = new();

        public IDisposable Add(string name, Func<double> read)
        {
            var source = new Source(this, read);
            _names[source] = name;
            return source;
        }

        public IEnumerable<Measurement<double>> Read(Func<IEnumerable<double>, double> combine) =>
            _names.GroupBy(source => source.Value, StringComparer.Ordinal).Select(sources => new Measurement<double>(
                combine(sources.Select(source => source.Key.Read())), new KeyValuePair<string, object?>("name", sources.Key)));

        private sealed class Source(MeasuredSources owner, Func<double> read) : IDisposable
        {
            public double Read() => read();

            public void Dispose() => owner._names.TryRemove(this, out _);
        }
    }
}
