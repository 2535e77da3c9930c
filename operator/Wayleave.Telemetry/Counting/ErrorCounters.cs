using System.Collections.Concurrent;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Counting;

/// <summary>
/// Counts errors by component and type. A pair that was seen before costs a look-up and an interlocked increment; beyond
/// about <see cref="UsageCountMap.MaximumErrorOrigins"/> pairs only the component is kept.
/// </summary>
internal sealed class ErrorCounters
{
    private readonly ConcurrentDictionary<(ErrorComponent Component, Type Exception), Cell> _cells = new();
    private readonly long[] _others = new long[Enum.GetValues<ErrorComponent>().Length];
    private int _known;

    public void Increment(ErrorComponent component, Type exception)
    {
        if (!_cells.TryGetValue((component, exception), out var cell) && Volatile.Read(ref _known) < UsageCountMap.MaximumErrorOrigins)
        {
            Interlocked.Increment(ref _known);
            cell = _cells.GetOrAdd((component, exception), static _ => new Cell());
        }

        Interlocked.Increment(ref cell is null ? ref _others[(int)component] : ref cell.Count);
    }

    public UsageCountMap Drain(UsageCountMap counts)
    {
        foreach (var ((component, exception), cell) in _cells)
        {
            counts = Plus(counts, component, ExceptionTypeName.Of(exception), ref cell.Count);
        }

        foreach (var component in Enum.GetValues<ErrorComponent>())
        {
            counts = Plus(counts, component, ExceptionTypeName.Other, ref _others[(int)component]);
        }

        return counts;
    }

    private static UsageCountMap Plus(UsageCountMap counts, ErrorComponent component, ExceptionTypeName exception, ref long cell)
    {
        var count = Interlocked.Exchange(ref cell, 0);
        return count > 0 ? counts.Plus(new UsageKey(UsageCatalog.Errors, new ErrorOrigin(component, exception)), count) : counts;
    }

    private sealed class Cell
    {
        public long Count;
    }
}

/// <summary>All that is kept of an error.</summary>
/// <param name="Component">Where it was caught.</param>
/// <param name="Exception">The name of its type.</param>
internal sealed record ErrorOrigin(ErrorComponent Component, ExceptionTypeName Exception);
