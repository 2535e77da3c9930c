using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Logging;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Events;

/// <summary>Records Kubernetes Events. It never blocks or throws: an Event that cannot be recorded is dropped and counted.</summary>
public interface IEventRecorder
{
    /// <param name="type"><c>Normal</c> or <c>Warning</c>.</param>
    /// <param name="reason">The reason in CamelCase, as of a condition.</param>
    /// <param name="action">The action in CamelCase.</param>
    /// <param name="note">The message, truncated to 1,024 bytes of UTF-8.</param>
    void Record(V1ObjectReference regarding, string type, string reason, string action, string note);
}

/// <summary>The reporter of Events.</summary>
/// <param name="Controller">The name of the controller, such as <c>wayleave.dev/operator</c>.</param>
/// <param name="Instance">The name of the Pod.</param>
public sealed record EventSource(string Controller, string Instance)
{
    /// <summary>The annotation for the trace ID of the reconcile that recorded an Event. Null for none.</summary>
    public string? TraceIdAnnotation { get; init; }
}

/// <summary>Records Events with <c>events.k8s.io/v1</c>. An Event that repeats within ten minutes becomes a series of one object.</summary>
public sealed partial class EventRecorder(
    IKubernetesClient client, EventSource source, KubernetesMetrics metrics, TimeProvider time,
    ILogger<EventRecorder> logger) : IEventRecorder
{
    private const string AnyEvent = "events";

    // A namespace that is being deleted rejects Events for a while.
    private static readonly TimeSpan _warningGrace = TimeSpan.FromMinutes(1);

    private readonly Channel<RecordedEvent> _queued =
        Channel.CreateBounded<RecordedEvent>(new BoundedChannelOptions(1000) { SingleReader = true });

    private readonly EventSeriesCache _series = new(time);
    private readonly FailureTracker<string> _failures = new(time);

    public void Record(V1ObjectReference regarding, string type, string reason, string action, string note)
    {
        var traceId = Activity.Current?.TraceId.ToHexString();
        if (!_queued.Writer.TryWrite(
            new RecordedEvent(regarding, type, reason, action, EventLimits.Truncate(note, EventLimits.Note), traceId)))
        {
            Drop(reason, "too many Events are queued");
        }
    }

    /// <summary>Writes queued Events until it is canceled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var recorded in _queued.Reader.ReadAllAsync(cancellationToken))
            {
                await SendOrDropAsync(recorded, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Queued Events are lost: Events are best effort.
        }
    }

    private async Task SendOrDropAsync(RecordedEvent recorded, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(recorded, cancellationToken);
            _failures.RecordSuccess(AnyEvent);
        }
        catch (Exception error) when (error is KubernetesException or HttpRequestException or TimeoutException or JsonException
            or IOException or WriteFencedException)
        {
            Drop(recorded.Reason, error.Message);
        }
    }

    private void Drop(string reason, string error)
    {
        metrics.RecordDroppedEvent();
        var failure = _failures.RecordFailure(AnyEvent, _warningGrace);
        if (failure.IsWarningDue)
        {
            LogDropping(failure.ConsecutiveFailures, reason, error);
        }
        else
        {
            LogDropped(reason, error);
        }
    }

    private async Task SendAsync(RecordedEvent recorded, CancellationToken cancellationToken)
    {
        var @namespace = recorded.Regarding.NamespaceProperty is { Length: > 0 } own ? own : "default";
        if (_series.Repeat(recorded) is { } earlier
            && await TryUpdateSeriesAsync(recorded, earlier.EventName, @namespace, earlier.Count, cancellationToken))
        {
            return;
        }

        var created = await CreateAsync(recorded, @namespace, cancellationToken);
        _series.Remember(recorded, created.Metadata.Name!);
    }

    // For a cluster-scoped object, kubectl finds the Event only if its reference has no namespace, while API servers such as 1.20 accept it
    // only with the Event's own namespace. Try without first.
    private async Task<Eventsv1Event> CreateAsync(RecordedEvent recorded, string @namespace, CancellationToken cancellationToken)
    {
        try
        {
            return await client.CreateAsync(Build(recorded, @namespace), cancellationToken);
        }
        catch (KubernetesException error) when (error.IsInvalid && string.IsNullOrEmpty(recorded.Regarding.NamespaceProperty))
        {
            var regarding = recorded.Regarding with { NamespaceProperty = @namespace };
            return await client.CreateAsync(Build(recorded with { Regarding = regarding }, @namespace), cancellationToken);
        }
    }

    // False if the Event no longer exists: it expired after an hour, or was deleted. A series has the trace ID of its last observation.
    private async Task<bool> TryUpdateSeriesAsync(
        RecordedEvent recorded, string name, string @namespace, int count, CancellationToken cancellationToken)
    {
        try
        {
            var series = new Eventsv1EventSeries { Count = count, LastObservedTime = MicroTime.Now(time) };
            var change = new Eventsv1Event { Series = series };
            if (Annotate(recorded) is { } annotations)
            {
                change.Metadata = new V1ObjectMeta { Annotations = annotations };
            }

            await client.MergePatchAsync(name, @namespace, change, cancellationToken);
            return true;
        }
        catch (KubernetesException error) when (error.IsNotFound)
        {
            return false;
        }
    }

    private Eventsv1Event Build(RecordedEvent recorded, string @namespace)
    {
        var name = recorded.Regarding.Name ?? "";
        return new Eventsv1Event
        {
            Metadata = new()
            {
                Name = $"{name[..Math.Min(name.Length, 200)].TrimEnd('.', '-')}.{Guid.NewGuid():N}",
                NamespaceProperty = @namespace,
                Annotations = Annotate(recorded),
            },
            EventTime = MicroTime.Now(time),
            ReportingController = source.Controller,
            ReportingInstance = EventLimits.Truncate(source.Instance, EventLimits.ReportingInstance),
            Action = recorded.Action,
            Reason = recorded.Reason,
            Note = recorded.Note,
            Type = recorded.Type,
            Regarding = recorded.Regarding,
        };
    }

    private Dictionary<string, string>? Annotate(RecordedEvent recorded) =>
        source.TraceIdAnnotation is { } name && recorded.TraceId is { } traceId
            ? new Dictionary<string, string>(StringComparer.Ordinal) { [name] = traceId }
            : null;

    [LoggerMessage(LogLevel.Debug, "Could not record Event {Reason}: {Error}")]
    private partial void LogDropped(string reason, string error);

    [LoggerMessage(LogLevel.Warning, "Could not record the last {Count} Events; the latest is {Reason}: {Error}")]
    private partial void LogDropping(int count, string reason, string error);
}
