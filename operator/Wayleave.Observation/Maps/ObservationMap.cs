using Wayleave.Api;
using Wayleave.Observation.Resolution;

namespace Wayleave.Observation.Maps;

/// <param name="Retention">A call that was not seen for so long is forgotten.</param>
/// <param name="CountsDiscoveries">Whether objects count the calls that were ever seen, for telemetry.</param>
internal sealed record MapOptions(TimeSpan Retention, bool CountsDiscoveries)
{
    /// <summary>The minimum time between two writes of an object, on average. New answers of DNS may be written earlier.</summary>
    public static TimeSpan MinWriteInterval { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The minimum time between two writes of an object for new answers of DNS, so that a burst of them is one write.</summary>
    public static TimeSpan AnswerInterval { get; } = TimeSpan.FromSeconds(2);

    /// <summary>How far writes for new answers may be ahead of the average: five writes.</summary>
    public static TimeSpan MaxCredit { get; } = 5 * MinWriteInterval;

    /// <summary>
    /// How long new addresses of a domain may be missing that has more than an object lists. The operator keeps one twice as long.
    /// </summary>
    public static TimeSpan RotationInterval { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How long times and numbers may be older in an object than in memory.</summary>
    public static TimeSpan RefreshInterval { get; } = TimeSpan.FromHours(1);

    /// <summary>The most workloads.</summary>
    public int MaxWorkloads { get; init; } = 50_000;
}

/// <summary>A write that is due.</summary>
/// <param name="Key">The namespace and name of the object.</param>
/// <param name="Object">What to store. Null to delete the object.</param>
/// <param name="Uid">The UID of the stored object. Null if there is none yet.</param>
internal sealed record PlannedWrite(ObjectKey Key, ObservedIntents? Object, string? Uid)
{
    internal WorkloadEntry Entry { get; init; } = null!;

    internal long Version { get; init; }
}

/// <summary>
/// Who calls whom: merges calls, decides which objects have to be written, and forgets what was not seen for long. It can be rebuilt from
/// the objects. Pure: the clock is a parameter. Not thread-safe.
/// </summary>
internal sealed class ObservationMap(MapOptions options)
{
    private static readonly TimeSpan _maxBackoff = TimeSpan.FromMinutes(1);

    private readonly Dictionary<WorkloadKey, WorkloadEntry> _entries = [];
    private readonly Dictionary<ObjectKey, WorkloadEntry> _byObject = [];
    private readonly HashSet<WorkloadEntry> _pending = [];

    /// <summary>The number of workloads with calls.</summary>
    public int WorkloadCount => _entries.Count;

    /// <summary>The number of calls of all workloads.</summary>
    public int CallCount => _entries.Values.Sum(entry => entry.Calls.Count);

    /// <summary>Merges a call.</summary>
    /// <returns>False if there are too many workloads.</returns>
    public bool TryRecord(CallSighting sighting, DateTimeOffset now)
    {
        if (!_entries.TryGetValue(sighting.Client, out var entry))
        {
            if (_entries.Count >= options.MaxWorkloads)
            {
                return false;
            }

            entry = new WorkloadEntry(sighting.Client) { Tally = options.CountsDiscoveries ? new DiscoveryTally() : null };
            Add(entry);
        }

        MarkChanged(entry, entry.Merge(sighting), now);
        return true;
    }

    /// <summary>Takes the calls of a stored object. Objects that the mapper did not write are ignored.</summary>
    public void Restore(ObservedIntents stored)
    {
        if (ObservedIntentsConverter.Read(stored, options.CountsDiscoveries) is { } entry)
        {
            Add(entry);
        }
    }

    /// <summary>
    /// Forgets the calls of an object that somebody deleted. Does nothing if the object is not the one that was stored last: it was deleted
    /// here, and another one has been stored since.
    /// </summary>
    public void Forget(ObjectKey key, string uid)
    {
        if (_byObject.TryGetValue(key, out var entry) && entry.Uid == uid)
        {
            Remove(entry);
        }
    }

    public void Clear()
    {
        _entries.Clear();
        _byObject.Clear();
        _pending.Clear();
    }

    /// <summary>Forgets calls that were not seen for longer than the retention.</summary>
    public void Expire(DateTimeOffset now)
    {
        foreach (var entry in _entries.Values.ToList())
        {
            if (entry.Expire(now - options.Retention))
            {
                MarkChanged(entry, ChangeUrgency.Refresh, now);
            }

            if (entry is { Calls.Count: 0, Uid: null })
            {
                Remove(entry);
            }
        }
    }

    /// <summary>The writes that are due, the most urgent first. An object that did not change is never among them.</summary>
    public IReadOnlyList<PlannedWrite> FindDue(DateTimeOffset now, int max) =>
    [
        .. _pending
            .Where(entry => entry.IsDue(now))
            .OrderByDescending(entry => entry.Pending)
            .ThenBy(entry => entry.ChangedAt)
            .Take(max)
            .Select(Plan),
    ];

    /// <param name="uid">The UID of the object. Null if it was deleted.</param>
    public void MarkWritten(PlannedWrite write, string? uid, DateTimeOffset now)
    {
        var entry = write.Entry;
        if (!IsCurrent(entry))
        {
            return;
        }

        entry.Uid = uid;
        entry.MarkStored(write.Version, now);
        if (entry.Pending == ChangeUrgency.None)
        {
            _pending.Remove(entry);
        }

        if (uid is null && entry.Calls.Count == 0)
        {
            Remove(entry);
        }
    }

    /// <summary>A write failed. It is tried again after a delay that doubles with each failure.</summary>
    public void MarkFailed(PlannedWrite write, DateTimeOffset now)
    {
        var entry = write.Entry;
        if (!IsCurrent(entry))
        {
            return;
        }

        var delay = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(entry.Failures, 20)));
        entry.Failures++;
        entry.RetryAt = now + (delay < _maxBackoff ? delay : _maxBackoff);
    }

    /// <summary>The object of a write is gone, or its namespace is: forgets its calls.</summary>
    public void Forget(PlannedWrite write)
    {
        if (IsCurrent(write.Entry))
        {
            Remove(write.Entry);
        }
    }

    private static PlannedWrite Plan(WorkloadEntry entry) => new(
        KeyOf(entry), entry.Calls.Count == 0 ? null : ObservedIntentsConverter.ToObject(entry), entry.Uid)
    {
        Entry = entry,
        Version = entry.Version,
    };

    private static ObjectKey KeyOf(WorkloadEntry entry) => new(entry.Workload.Namespace, ObjectNames.ForWorkload(entry.Workload));

    private bool IsCurrent(WorkloadEntry entry) => _entries.TryGetValue(entry.Workload, out var current) && ReferenceEquals(current, entry);

    private void MarkChanged(WorkloadEntry entry, ChangeUrgency urgency, DateTimeOffset now)
    {
        if (urgency != ChangeUrgency.None)
        {
            entry.MarkChanged(urgency, now);
            _pending.Add(entry);
        }
    }

    private void Add(WorkloadEntry entry)
    {
        _entries[entry.Workload] = entry;
        _byObject[KeyOf(entry)] = entry;
    }

    private void Remove(WorkloadEntry entry)
    {
        _entries.Remove(entry.Workload);
        _byObject.Remove(KeyOf(entry));
        _pending.Remove(entry);
    }
}
