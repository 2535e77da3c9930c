using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Counting;

/// <summary>
/// The counter of a program with telemetry on: one cell for each event and for each pair of component and exception type, changed with
/// interlocked operations. Beyond about <see cref="UsageCountMap.MaximumErrorOrigins"/> pairs only the component is kept. Disabled classes
/// are not counted.
/// </summary>
/// <param name="countUsage">Count events of the classes usage and audit.</param>
public sealed class UsageCounter(bool countUsage, bool countErrors) : IUsageCounter
{
    private readonly long[] _counts = new long[UsageCatalog.All.Length];
    private readonly ConcurrentDictionary<(ErrorComponent Component, Type Exception), StrongBox<long>> _errors = new();
    private readonly long[] _otherErrors = new long[Enum.GetValues<ErrorComponent>().Length];
    private int _errorOrigins;

    public void Add(UsageEvent usage, long count = 1)
    {
        if (usage.IsPlanned || usage.Class == UsageClass.Error || usage.Emitter == ComponentType.Cli)
        {
            throw new ArgumentException("Only an emitted event that is neither an error nor a command can be added.", nameof(usage));
        }

        if (countUsage && count > 0)
        {
            Interlocked.Add(ref _counts[UsageCatalog.GetOrdinal(usage)], count);
        }
    }

    public void CountError(ErrorComponent component, Type exceptionType)
    {
        if (!countErrors)
        {
            return;
        }

        if (!_errors.TryGetValue((component, exceptionType), out var cell)
            && Volatile.Read(ref _errorOrigins) < UsageCountMap.MaximumErrorOrigins)
        {
            Interlocked.Increment(ref _errorOrigins);
            cell = _errors.GetOrAdd((component, exceptionType), static _ => new StrongBox<long>());
        }

        Interlocked.Increment(ref cell is null ? ref _otherErrors[(int)component] : ref cell.Value);
    }

    /// <summary>Returns and resets the counts since the last call. Concurrent counts are in this result or in the next.</summary>
    internal UsageCountMap Drain()
    {
        var counts = UsageCountMap.None;
        foreach (var ((component, exception), cell) in _errors)
        {
            AddError(component, ExceptionTypeName.FromType(exception), ref cell.Value);
        }

        foreach (var component in Enum.GetValues<ErrorComponent>())
        {
            AddError(component, ExceptionTypeName.Other, ref _otherErrors[(int)component]);
        }

        foreach (var usage in UsageCatalog.All)
        {
            Move(new UsageKey(usage), ref _counts[UsageCatalog.GetOrdinal(usage)]);
        }

        return counts;

        void AddError(ErrorComponent component, ExceptionTypeName exception, ref long cell) =>
            Move(new UsageKey(UsageCatalog.Errors, new ErrorOrigin(component, exception)), ref cell);

        void Move(UsageKey key, ref long cell)
        {
            var count = Interlocked.Exchange(ref cell, 0);
            counts = count > 0 ? counts.Add(key, count) : counts;
        }
    }
}
