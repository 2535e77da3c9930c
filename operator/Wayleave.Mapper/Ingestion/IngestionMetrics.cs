using System.Diagnostics.Metrics;
using Wayleave.Ingest.V1;

namespace Wayleave.Mapper.Ingestion;

/// <summary>Metrics of the port for batches.</summary>
internal sealed class IngestionMetrics
{
    /// <summary>The meter of all instruments in this project.</summary>
    public const string MeterName = "Wayleave.Mapper";

    // A hostile sensor must not make a counter overflow.
    private const ulong MaxLosses = 1_000_000_000;

    private readonly Counter<long> _batches;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _unauthenticated;
    private readonly Counter<long> _losses;
    private readonly Histogram<double> _lag;

    public IngestionMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _batches = meter.CreateCounter<long>("wayleave_ingest_batches_total", description: "Requests with a batch, by component and outcome.");
        _dropped = meter.CreateCounter<long>(
            "wayleave_ingest_items_dropped_total", description: "Endpoints, flows and answers that were removed from accepted batches, by reason.");
        _unauthenticated = meter.CreateCounter<long>(
            "wayleave_ingest_unauthenticated_total", description: "Requests without a token that is valid for the mapper.");
        _losses = meter.CreateCounter<long>("wayleave_sensor_losses_total", description: "What sensors reported as missed, by kind.");
        _lag = meter.CreateHistogram<double>(
            "wayleave_ingest_lag_seconds", "s", "Time from the end of a batch, by the clock of its sensor, until it was accepted.");
    }

    /// <param name="outcome">One of <see cref="BatchOutcomes"/>.</param>
    /// <param name="sensor">Null if it is not known who sent it.</param>
    public void CountBatch(string outcome, SensorIdentity? sensor)
    {
        _batches.Add(1, new("component", sensor is null ? "unknown" : "sensor"), new("outcome", outcome));
        if (outcome == BatchOutcomes.Unauthenticated)
        {
            _unauthenticated.Add(1);
        }
    }

    /// <summary>Counts what an accepted batch lost on its way, and what its sensor did not see.</summary>
    public void CountAccepted(Batch content, IReadOnlyDictionary<string, int> dropped, DateTimeOffset now)
    {
        foreach (var (reason, count) in dropped)
        {
            _dropped.Add(count, new KeyValuePair<string, object?>("reason", reason));
        }

        CountLosses("kernel_drops", content.Losses?.KernelDrops ?? 0);
        CountLosses("merged", content.Losses?.Merged ?? 0);
        CountLosses("unparsed", content.Losses?.Unparsed ?? 0);
        _lag.Record(Math.Max(0, (now.ToUnixTimeMilliseconds() - (long)content.ToMs) / 1000.0));
    }

    private void CountLosses(string kind, ulong count)
    {
        if (count > 0)
        {
            _losses.Add((long)Math.Min(count, MaxLosses), new KeyValuePair<string, object?>("kind", kind));
        }
    }
}
