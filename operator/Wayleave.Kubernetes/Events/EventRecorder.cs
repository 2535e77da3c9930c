using System.Text.Json;
using System.Threading.Channels;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Logging;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Events;

/// <summary>Records through <c>events.k8s.io/v1</c>; one that repeats within ten minutes becomes a series instead of a second object.</summary>
public sealed partial class EventRecorder(
    IKubernetesClient client, EventSource source, KubernetesMetrics metrics, TimeProvider time, ILogger<EventRecorder> logger) : IEventRecorder
{
    private const string AnyEvent = "events";

    // Events in a namespace that is being deleted are refused; that passes.
    private static readonly TimeSpan _grace = TimeSpan.FromMinutes(1);

    private readonly Channel<RecordedEvent> _waiting =
        Channel.CreateBounded<RecordedEvent>(new BoundedChannelOptions(1000) { SingleReader = true });

    private readonly EventSeriesCache _series = new(time);
    private readonly FailureTracker<string> _failures = new(time);

    public void Record(V1ObjectReference regarding, string type, string reason, string action, string note)
    {
        ArgumentNullException.ThrowIfNull(note);
        if (!_waiting.Writer.TryWrite(new RecordedEvent(regarding, type, reason, action, EventLimits.Cut(note, EventLimits.Note))))
        {
            Drop(reason, "too many Events wait to be recorded");
        }
    }

    /// <summary>Sends what was recorded, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var recorded in _waiting.Reader.ReadAllAsync(cancellationToken))
            {
                await TrySendAsync(recorded, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What still waits is lost with the process: Events are best effort by their own definition.
        }
    }

    private async Task TrySendAsync(RecordedEvent recorded, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(recorded, cancellationToken);
            _failures.Succeeded(AnyEvent);
        }
        catch (Exception error) when (error is KubernetesException or HttpRequestException or TimeoutException or JsonException or IOException or WriteFencedException)
        {
            Drop(recorded.Reason, error.Message);
        }
    }

    private void Drop(string reason, string error)
    {
        metrics.EventDropped();
        var failure = _failures.Failed(AnyEvent, _grace);
        if (failure.IsWarningDue)
        {
            LogDropping(failure.Times, reason, error);
        }
        else
        {
            LogDropped(reason, error);
        }
    }

    private async Task SendAsync(RecordedEvent recorded, CancellationToken cancellationToken)
    {
        var @namespace = recorded.Regarding.NamespaceProperty is { Length: > 0 } own ? own : "default";
        if (_series.Repeat(recorded) is { } earlier && await TryRepeatAsync(earlier.EventName, @namespace, earlier.Count, cancellationToken))
        {
            return;
        }

        var created = await CreateAsync(recorded, @namespace, cancellationToken);
        _series.Remember(recorded, created.Metadata.Name!);
    }

    // About an object without a namespace: API servers such as 1.20 take the Event only if its reference says the Event's own namespace,
    // while kubectl finds it only if the reference says none. So the latter is tried first.
    private async Task<Eventsv1Event> CreateAsync(RecordedEvent recorded, string @namespace, CancellationToken cancellationToken)
    {
        try
        {
            return await client.CreateAsync(Build(recorded, @namespace), cancellationToken);
        }
        catch (KubernetesException error) when (error.IsInvalid && string.IsNullOrEmpty(recorded.Regarding.NamespaceProperty))
        {
            return await client.CreateAsync(Build(recorded.ReferredIn(@namespace), @namespace), cancellationToken);
        }
    }

    // False when the Event is no longer there: Events live for an hour, and anyone may delete them.
    private async Task<bool> TryRepeatAsync(string name, string @namespace, int count, CancellationToken cancellationToken)
    {
        try
        {
            await client.MergeAsync(name, @namespace, Series(count), cancellationToken);
            return true;
        }
        catch (KubernetesException error) when (error.IsNotFound)
        {
            return false;
        }
    }

    private Eventsv1Event Series(int count) =>
        new() { Series = new Eventsv1EventSeries { Count = count, LastObservedTime = MicroTime.Now(time) } };

    private Eventsv1Event Build(RecordedEvent recorded, string @namespace)
    {
        var name = recorded.Regarding.Name ?? "";
        return new Eventsv1Event
        {
            Metadata = new() { Name = $"{name[..Math.Min(name.Length, 200)].TrimEnd('.', '-')}.{Guid.NewGuid():N}", NamespaceProperty = @namespace },
            EventTime = MicroTime.Now(time),
            ReportingController = source.Controller,
            ReportingInstance = EventLimits.Cut(source.Instance, EventLimits.ReportingInstance),
            Action = recorded.Action,
            Reason = recorded.Reason,
            Note = recorded.Note,
            Type = recorded.Type,
            Regarding = recorded.Regarding,
        };
    }

    [LoggerMessage(LogLevel.Debug, "Event {Reason} was not recorded: {Error}")]
    private partial void LogDropped(string reason, string error);

    [LoggerMessage(LogLevel.Warning, "The last {Count} Events were not recorded; of the latest, {Reason}, the cause is: {Error}")]
    private partial void LogDropping(int count, string reason, string error);
}
