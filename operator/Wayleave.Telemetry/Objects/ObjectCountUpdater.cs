using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Objects;

/// <summary>
/// Counts the difference between the state of a kind's objects and what was counted before. It uses only states, never events, so seeing
/// the same state twice counts nothing. Not thread-safe.
/// </summary>
/// <param name="kind">The kind.</param>
/// <param name="register">What was counted before.</param>
/// <param name="room">How many more objects may be registered.</param>
internal sealed class ObjectCountUpdater(CountedKind kind, CountedObjects register, int room)
{
    private readonly ImmutableDictionary<ObjectId, ObjectUsage>.Builder _counted = register.Counted.ToBuilder();
    private readonly long[] _applied = new long[kind.Applied.Length];
    private readonly long[] _current = new long[kind.Applied.Length];
    private long _deleted;

    public bool IsChanged { get; private set; }

    /// <summary>
    /// The object exists with this usage. If the usage is lower than before, because someone edited the status or telemetry was off for a
    /// while, counting continues from the lower value. If the register is full, an object is counted when it is deleted.
    /// </summary>
    public void See(ObjectId id, ObjectUsage usage)
    {
        var before = _counted.GetValueOrDefault(id);
        if (usage.IsNone || usage.Equals(before) || (before is null && _counted.Count - register.Counted.Count >= room))
        {
            return;
        }

        Count(before ?? ObjectUsage.None, usage, usage);
        _counted[id] = usage;
    }

    /// <summary>The object was deleted. Its last usage is null if unknown.</summary>
    public void Bury(ObjectId id, ObjectUsage? last)
    {
        var before = _counted.GetValueOrDefault(id) ?? ObjectUsage.None;
        var usage = last is null or { IsNone: true } ? before : last;
        if (usage.IsNone)
        {
            return;
        }

        Count(before, usage, ObjectUsage.None);
        _deleted += usage.CurrentOf(0);
        _counted.Remove(id);
    }

    public CountedObjects ToRegister(long position) => new(_counted.ToImmutable(), position);

    /// <summary>What was counted here.</summary>
    /// <param name="totals">The totals before.</param>
    public UsageDelta ToDelta(ImmutableSortedDictionary<string, long> totals)
    {
        var counts = _deleted > 0 ? UsageCountMap.None.Plus(new UsageKey(kind.Deleted), _deleted) : UsageCountMap.None;
        var current = UsageDelta.None.Current.ToBuilder();
        for (var index = 0; index < _applied.Length; index++)
        {
            var usage = kind.Applied[index];
            counts = _applied[index] > 0 ? counts.Plus(new UsageKey(usage), _applied[index]) : counts;
            if (usage.Total == UsageTotal.Current && (_current[index] != 0 || _applied[index] > 0))
            {
                current[usage.Type] = Math.Max(0, totals.GetValueOrDefault(usage.Type) + _current[index]);
            }
        }

        return new UsageDelta(counts, current.ToImmutable());
    }

    /// <param name="before">What was counted of the object.</param>
    /// <param name="usage">What is to be counted of it.</param>
    /// <param name="now">What there is of it now.</param>
    private void Count(ObjectUsage before, ObjectUsage usage, ObjectUsage now)
    {
        IsChanged = true;
        for (var index = 0; index < _applied.Length; index++)
        {
            _applied[index] += Math.Max(0, usage.AppliedOf(index) - before.AppliedOf(index));
            _current[index] += now.CurrentOf(index) - before.CurrentOf(index);
        }
    }
}
