using Wayleave.Api;
using Wayleave.Observation.Resolution;

namespace Wayleave.Observation.Maps;

/// <summary>The calls of one workload, and what of them is stored. Not thread-safe.</summary>
internal sealed class WorkloadEntry(WorkloadKey workload)
{
    public const int MaxCalls = 1000;

    private long _version;
    private long _urgentVersion;
    private long _storedVersion;

    public WorkloadKey Workload { get; } = workload;

    public DateTimeOffset Since { get; set; } = DateTimeOffset.MaxValue;

    public Dictionary<CallTarget, CallState> Calls { get; } = [];

    public bool IsTruncated { get; set; }

    /// <summary>Null while discoveries are not counted.</summary>
    public DiscoveryTally? Tally { get; set; }

    /// <summary>The UID of the stored object. Null if there is none.</summary>
    public string? Uid { get; set; }

    /// <summary>When the object was stored last by this process.</summary>
    public DateTimeOffset? StoredAt { get; set; }

    /// <summary>The object is not written before, because a write failed.</summary>
    public DateTimeOffset? RetryAt { get; set; }

    public int Failures { get; set; }

    /// <summary>The number of the last change.</summary>
    public long Version => _version;

    public ChangeUrgency Pending =>
        _urgentVersion > _storedVersion ? ChangeUrgency.Urgent
        : _version > _storedVersion ? ChangeUrgency.Refresh
        : ChangeUrgency.None;

    /// <summary>When the first change happened that is not stored. Null if everything is.</summary>
    public DateTimeOffset? ChangedAt { get; private set; }

    public void MarkChanged(ChangeUrgency urgency, DateTimeOffset now)
    {
        if (urgency == ChangeUrgency.None)
        {
            return;
        }

        ChangedAt ??= now;
        _version++;
        _urgentVersion = urgency == ChangeUrgency.Urgent ? _version : _urgentVersion;
    }

    public void MarkStored(long version, DateTimeOffset now)
    {
        _storedVersion = Math.Max(_storedVersion, version);
        (StoredAt, RetryAt, Failures) = (now, null, 0);
        ChangedAt = Pending == ChangeUrgency.None ? null : now;
    }

    /// <summary>Merges a sighting.</summary>
    public ChangeUrgency Merge(CallSighting sighting)
    {
        var isNew = !Calls.TryGetValue(sighting.Target, out var call);
        if (isNew && Calls.Count >= MaxCalls)
        {
            var wasTruncated = IsTruncated;
            IsTruncated = true;
            return wasTruncated ? ChangeUrgency.None : ChangeUrgency.Refresh;
        }

        call ??= Calls[sighting.Target] = new CallState();
        var (urgency, newSource) = call.Merge(sighting);
        CountDiscovery(isNew, newSource);
        if (sighting.First < Since)
        {
            Since = sighting.First;
            urgency = urgency == ChangeUrgency.None ? ChangeUrgency.Refresh : urgency;
        }

        return urgency;
    }

    /// <summary>Removes calls that were not seen since then.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Expire(DateTimeOffset limit)
    {
        var expired = Calls.Where(call => call.Value.Last < limit).Select(call => call.Key).ToList();
        expired.ForEach(target => Calls.Remove(target));
        IsTruncated &= expired.Count == 0;
        return expired.Count > 0;
    }

    private void CountDiscovery(bool isNew, string? source)
    {
        if (Tally is { } tally)
        {
            Tally = tally with
            {
                Intents = tally.Intents + (isNew ? 1 : 0),
                Tcp = Increment(tally.Tcp, source == ObservedSources.Tcp),
                SocketScan = Increment(tally.SocketScan, source == ObservedSources.SocketScan),
                Dns = Increment(tally.Dns, source == ObservedSources.Dns),
            };
        }
    }

    private static long? Increment(long? number, bool isCounted) => isCounted ? (number ?? 0) + 1 : number;
}
