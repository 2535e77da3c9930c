using System.Collections.Immutable;
using Wayleave.Telemetry.Catalogue;
using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Counting;

/// <summary>
/// The counter of a program with telemetry on: one cell for each event, changed with interlocked operations. What is switched off by
/// class is not counted at all.
/// </summary>
/// <param name="countUsage">Count events of the classes usage and audit.</param>
/// <param name="countErrors">Count errors.</param>
public sealed class UsageAggregator(bool countUsage, bool countErrors) : IUsageCounter
{
    private const long Unset = -1;

    private readonly long[] _counts = new long[UsageCatalogue.All.Length];
    private readonly long[] _totals = [.. Enumerable.Repeat(Unset, UsageCatalogue.All.Length)];
    private readonly ErrorCounters _errors = new();

    public void Add(UsageEvent usage, long count = 1)
    {
        ArgumentNullException.ThrowIfNull(usage);
        if (usage.IsPlanned || usage.Class == UsageClass.Error)
        {
            throw new ArgumentException("Only an event that is built, and is no error, can be added.", nameof(usage));
        }

        if (countUsage && count > 0)
        {
            Interlocked.Add(ref _counts[usage.Ordinal], count);
        }
    }

    public void SetTotal(UsageEvent usage, long total)
    {
        ArgumentNullException.ThrowIfNull(usage);
        if (usage.IsPlanned || usage.Total != UsageTotal.Current)
        {
            throw new ArgumentException("Only an event that is built, and has a current total, has one to set.", nameof(usage));
        }

        if (countUsage)
        {
            Volatile.Write(ref _totals[usage.Ordinal], Math.Max(0, total));
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

    /// <summary>Takes what was counted since the last call. What is added meanwhile is in this drain or in the next.</summary>
    internal UsageDelta Drain()
    {
        var counts = _errors.Drain(UsageCounts.None);
        var totals = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var usage in UsageCatalogue.All)
        {
            var count = Interlocked.Exchange(ref _counts[usage.Ordinal], 0);
            counts = count > 0 ? counts.Plus(new UsageKey(usage), count) : counts;
            var total = Volatile.Read(ref _totals[usage.Ordinal]);
            if (total != Unset)
            {
                totals[usage.Type] = total;
            }
        }

        return new UsageDelta(counts, totals.ToImmutable());
    }
}
