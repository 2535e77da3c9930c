using Wayleave.Testing.Otlp;

namespace Wayleave.Testing.Exactness;

/// <summary>The counts that a collector received, to compare with <see cref="UsageTruth"/>.</summary>
public static class ReceivedUsage
{
    private static readonly string[] OfProcesses = ["STARTED", "ACTIVE", "ERRORS"];

    /// <summary>The counts by event type, without events about processes. A record that arrived twice counts once.</summary>
    public static SortedDictionary<string, long> Of(OtlpCollector collector)
    {
        ArgumentNullException.ThrowIfNull(collector);
        return new SortedDictionary<string, long>(
            collector.Records.DistinctBy(record => record.EventId).Where(record => !OfProcesses.Contains(record.EventType))
                .GroupBy(record => record.EventType, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Sum(record => record.Count), StringComparer.Ordinal),
            StringComparer.Ordinal);
    }
}
