using Wayleave.Api;
using Wayleave.Observation.Resolution;

namespace Wayleave.Observation.Maps;

/// <summary>The calls of one workload, and what of them is stored. Not thread-safe.</summary>
internal sealed class WorkloadEntry(WorkloadKey workload)
{
    public const int MaxCalls = 1000;

    // The last change of each urgency.
    private readonly long[] _versions = new long[Enum.GetValues<ChangeUrgency>().Length];
    private long _version;
    private long _storedVersion;

    // Each write moves it by the time that passes between two writes on average.
    private DateTimeOffset _paidUntil;

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

    /// <summary>The most urgent change that is not stored.</summary>
    public ChangeUrgency Pending => (ChangeUrgency)Math.Max(0, Array.FindLastIndex(_versions, version => version > _storedVersion));

    /// <summary>When the first change happened that is not stored. Null if everything is.</summary>
    public DateTimeOffset? ChangedAt { get; private set; }

    /// <summary>Whether the object may be written now, for the change that is pending.</summary>
    public bool IsDue(DateTimeOffset now)
    {
        if (RetryAt > now)
        {
            return false;
        }

        var age = StoredAt is { } stored ? now - stored : TimeSpan.MaxValue;
        if (Pending == ChangeUrgency.Answer && age >= MapOptions.AnswerInterval && _paidUntil - now <= MapOptions.MaxCredit)
        {
            return true;
        }

        var interval = Pending switch
        {
            _ when Calls.Count == 0 => TimeSpan.Zero,
            ChangeUrgency.Refresh => MapOptions.RefreshInterval,
            ChangeUrgency.Rotation => MapOptions.RotationInterval,
            _ => TimeSpan.Zero,
        };
        return age >= MapOptions.MinWriteInterval && now - (StoredAt ?? ChangedAt) >= interval;
    }

    public void MarkChanged(ChangeUrgency urgency, DateTimeOffset now)
    {
        if (urgency == ChangeUrgency.None)
        {
            return;
        }

        ChangedAt ??= now;
        _versions[(int)urgency] = ++_version;
    }

    public void MarkStored(long version, DateTimeOffset now)
    {
        _storedVersion = Math.Max(_storedVersion, version);
        (StoredAt, RetryAt, Failures) = (now, null, 0);
        _paidUntil = (_paidUntil > now ? _paidUntil : now) + MapOptions.MinWriteInterval;
        ChangedAt = Pending == ChangeUrgency.None ? null : now;
    }

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
