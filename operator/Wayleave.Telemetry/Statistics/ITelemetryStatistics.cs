namespace Wayleave.Telemetry.Statistics;

/// <summary>What telemetry did in this process, for <c>/metrics</c>.</summary>
public interface ITelemetryStatistics
{
    /// <summary>Safe from any thread, cheap, never waits.</summary>
    TelemetryStatisticsSnapshot Read();
}
