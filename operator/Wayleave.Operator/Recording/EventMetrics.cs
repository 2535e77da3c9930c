using System.Diagnostics.Metrics;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Publishing;
using Wayleave.Operator.Metrics;

namespace Wayleave.Operator.Recording;

/// <summary>Metrics of the event store. They exist only if it is on.</summary>
internal sealed class EventMetrics(IMeterFactory meters, EventPump pump)
{
    /// <summary>Creates the instruments and attaches the handler that counts events. Call once, before events are published.</summary>
    public void Register()
    {
        var meter = meters.Create(OperatorMetrics.MeterName);
        var events = meter.CreateCounter<long>("wayleave_event_store_events_total", description: "Events that were recorded, by type.");
        pump.Attach<EventPayload>(
            "metrics", (_, payload) => events.Add(1, new KeyValuePair<string, object?>("type", EventCatalog.Get(payload).Name)));
        meter.CreateObservableCounter(
            "wayleave_event_store_dropped_total", () => pump.Dropped, description: "Events that were dropped: the buffer was full, or the files could not be written.");
        meter.CreateObservableCounter(
            "wayleave_event_store_handler_failures_total", () => pump.HandlerFailures, description: "Exceptions of handlers of events.");
        meter.CreateObservableGauge("wayleave_event_store_bytes", () => pump.Bytes, "By", "Size of all files of the event store.");
        meter.CreateObservableGauge(
            "wayleave_event_store_in_memory", () => pump.IsInMemory ? 1 : 0,
            description: "1 if events are kept in memory only, because they cannot be written.");
        meter.CreateObservableCounter(
            "wayleave_event_store_files_deleted_total", () => pump.DeletedFiles,
            description: "Files of the event store that were deleted because of their age or size.");
    }
}
