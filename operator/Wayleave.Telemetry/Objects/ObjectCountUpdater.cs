using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Objects;

/// <summary>
/// Counts the difference between the state of a kind's objects and what was counted before. It uses only states, never events, so seeing
/// the same state twice counts nothing. Not thread-safe.
/// </summary>
/// <param name="room">How many more objects may be registered.</param>
internal sealed class ObjectCountUpdater(CountedKind kind, CountedObjects known, int room)
{
    private readonly ImmutableDictionary<ObjectId, ObjectUsage>.Builder _counted = known.Counted.ToBuilder();
    private readonly long[] _applied = new long[kind.Applied.Length];
    private readonly long[] _current = new long[kind.Applied.Length];
    private long _deleted;

    public bool IsChanged { get; private set; }

    /// <summary>
    /// The object exists with this usage. If the usage is lower than before, because someone edited the status or telemetry was off for a
    /// while, counting continues from the lower value. If there is no room, an object is counted when it is deleted.
    /// </summary>
    public void SetUsage(ObjectId id, ObjectUsage usage)
    {
        var before = _counted.GetValueOrDefault(id);
        if (usage.IsNone || usage.Equals(before) || (before is null && _counted.Count - known.Counted.Count >= room))
        {
            return;
        }

        Count(before ?? ObjectUsage.None, usage, usage);
        _counted[id] = usage;
    }

    /// <summary>The object was deleted. Its last usage is null if unknown.</summary>
    public void RemoveObject(ObjectId id, ObjectUsage? last)
    {
        var before = _counted.GetValueOrDefault(id) ?? ObjectUsage.None;
        var usage = last is null or { IsNone: true } ? before : last;
        if (usage.IsNone)
        {
            return;
        }

        Count(before, usage, ObjectUsage.None);
        _deleted += usage.GetCurrent(0);
        _counted.Remove(id);
    }

    /// <param name="position">Up to which everything is counted now. A position never moves back.</param>
    public CountedObjects ToCountedObjects(long position) => new(_counted.ToImmutable(), Math.Max(known.Position, position));

    public UsageDelta ToDelta(ImmutableSortedDictionary<string, long> totals)
    {
        var counts = _deleted > 0 && kind.Deleted is { } deleted
            ? UsageCountMap.None.Add(new UsageKey(deleted), _deleted)
            : UsageCountMap.None;
        var current = UsageDelta.None.Current.ToBuilder();
        for (var index = 0; index < _applied.Length; index++)
        {
            var usage = kind.Applied[index];
            counts = _applied[index] > 0 ? counts.Add(new UsageKey(usage), _applied[index]) : counts;
            if (usage.Total == UsageTotal.Current && (_current[index] != 0 || _applied[index] > 0))
            {
                current[usage.Type] = Math.Max(0, totals.GetValueOrDefault(usage.Type) + _current[index]);
            }
        }

        return new UsageDelta(counts, current.ToImmutable());
    }

    private void Count(ObjectUsage before, ObjectUsage usage, ObjectUsage now)
    {
        IsChanged = true;
        for (var index = 0; index < _applied.Length; index++)
        {
            _applied[index] += Math.Max(0, usage.GetApplied(index) - before.GetApplied(index));
            _current[index] += now.GetCurrent(index) - before.GetCurrent(index);
        }
    }
}
