using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Counting;

/// <summary>
/// The counter of a program with telemetry on: one cell for each event, changed with interlocked operations. Disabled classes are not
/// counted.
/// </summary>
/// <param name="countUsage">Count events of the classes usage and audit.</param>
/// <param name="countErrors">Count errors.</param>
public sealed class UsageCounter(bool countUsage, bool countErrors) : IUsageCounter
{
    private readonly long[] _counts = new long[UsageCatalog.All.Length];
    private readonly ErrorCounters _errors = new();

    public void Add(UsageEvent usage, long count = 1)
    {
        ArgumentNullException.ThrowIfNull(usage);
        if (usage.IsPlanned || usage.Class == UsageClass.Error)
        {
            throw new ArgumentException("Only an emitted event that is not an error can be added.", nameof(usage));
        }

        if (countUsage && count > 0)
        {
            Interlocked.Add(ref _counts[usage.Ordinal], count);
        }
    }

    public void CountError(ErrorComponent component, Type exceptionType)
    {
        ArgumentNullException.ThrowIfNull(exceptionType);
        if (countErrors)
        {
            _errors.Increment(component, exceptionType);
        }
    }

    /// <summary>Returns and resets the counts since the last call. Concurrent counts are in this result or in the next.</summary>
    internal UsageCountMap Drain()
    {
        var counts = _errors.Drain(UsageCountMap.None);
        foreach (var usage in UsageCatalog.All)
        {
            var count = Interlocked.Exchange(ref _counts[usage.Ordinal], 0);
            counts = count > 0 ? counts.Plus(new UsageKey(usage), count) : counts;
        }

        return counts;
    }
}
