using Wayleave.Testing.Otlp;

namespace Wayleave.Testing.Exactness;

/// <summary>What a collector was told, to be held against <see cref="UsageTruth"/>.</summary>
public static class ReceivedUsage
{
    private static readonly string[] OfProcesses = ["STARTED", "ACTIVE", "ERRORS"];

    /// <summary>By event type, without those about processes; a record that came twice counts once.</summary>
    public static SortedDictionary<string, long> Of(OtlpCollector collector)
    {
        ArgumentNullException.ThrowIfNull(collector);
        return new SortedDictionary<string, long>(
            collector.Records.DistinctBy(record => record.EventId).Where(record => !OfProcesses.Contains(record.EventType))
                .GroupBy(record => record.EventType, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Sum(record => record.Count), StringComparer.Ordinal),
            StringComparer.Ordinal);
    }
}
