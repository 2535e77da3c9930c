using System.Diagnostics.Metrics;
using System.Text.Json;
using Wayleave.Hosting;
using Wayleave.Mapper.Ingestion;
using Wayleave.Mapper.Observing;
using Wayleave.Mapper.Storage;
using Wayleave.Observation.Resolution;

namespace Wayleave.Mapper.Metrics;

/// <summary>Metrics of the map and the process.</summary>
internal sealed class MapMetrics
{
    private readonly Counter<long> _writes;

    public MapMetrics(IMeterFactory meters, MapState state)
    {
        var meter = meters.Create(IngestionMetrics.MeterName);
        _writes = meter.CreateCounter<long>("wayleave_map_writes_total", description: "Writes of ObservedIntents by outcome.");
        foreach (var outcome in Enum.GetValues<WriteOutcome>())
        {
            _writes.Add(0, TagOf(outcome));
        }

        AddMap(meter, state);
        ProcessMetrics.AddTo(meter);
    }

    public void RecordWrite(WriteOutcome outcome) => _writes.Add(1, TagOf(outcome));

    private static KeyValuePair<string, object?> TagOf(WriteOutcome outcome) => new("outcome", ToLabel(outcome));

    private static string ToLabel(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static void AddMap(Meter meter, MapState state)
    {
        meter.CreateObservableGauge(
            "wayleave_map_calls", () => state.CallCount, description: "Calls in the map: pairs of a client and a target. 0 on a standby.");
        meter.CreateObservableGauge(
            "wayleave_map_workloads", () => state.WorkloadCount, description: "Workloads with calls in the map. 0 on a standby.");
        meter.CreateObservableGauge(
            "wayleave_map_waiting", () => state.WaitingCount, description: "Flows and answers that wait until the API server knows a Pod.");
        meter.CreateObservableCounter(
            "wayleave_map_unresolved_total",
            () => Enum.GetValues<UnresolvedReason>().Select(reason => new Measurement<long>(
                state.CountUnresolved(reason), new KeyValuePair<string, object?>("reason", ToLabel(reason)))),
            description: "Flows and answers that are not in the map, by reason.");
    }
}
