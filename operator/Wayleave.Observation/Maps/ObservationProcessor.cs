using Wayleave.Observation.Resolution;

namespace Wayleave.Observation.Maps;

/// <summary>
/// Applies batches to a map: each once, resolved with the history of the cluster. What refers to a Pod that is not known yet waits for it,
/// at most a minute. Pure: the clock is a parameter. Not thread-safe.
/// </summary>
internal sealed class ObservationProcessor(ObservationMap map, FlowResolver resolver, NameHistory names)
{
    /// <summary>The most flows and answers that wait.</summary>
    public const int MaxWaiting = 20_000;

    private static readonly TimeSpan _maxWait = TimeSpan.FromMinutes(1);

    private readonly BatchLog _batches = new();
    private readonly long[] _unresolved = new long[Enum.GetValues<UnresolvedReason>().Length];
    private readonly Dictionary<string, int> _waitingOfNode = new(StringComparer.Ordinal);
    private List<Waiting> _waiting = [];

    /// <summary>How many flows and answers wait for a Pod.</summary>
    public int WaitingCount => _waiting.Count;

    /// <summary>How many flows and answers are not in the map for a reason.</summary>
    public long CountUnresolved(UnresolvedReason reason) => _unresolved[(int)reason];

    /// <summary>Applies a batch. Answers come first, because flows are named by them.</summary>
    /// <returns>False if it was applied before.</returns>
    public bool Apply(ObservedBatch batch, DateTimeOffset now)
    {
        if (!_batches.TryAdd(batch.Instance, batch.Sequence, now))
        {
            return false;
        }

        foreach (var answer in batch.Answers)
        {
            Process(new Waiting(batch.Node, now, Flow: null, answer), now);
        }

        foreach (var flow in batch.Flows)
        {
            Process(new Waiting(batch.Node, now, flow, Answer: null), now);
        }

        return true;
    }

    /// <summary>Tries again what waits. Call it every few seconds.</summary>
    public void Retry(DateTimeOffset now)
    {
        var waiting = _waiting;
        ClearWaiting();
        foreach (var item in waiting.Where(item => item.Answer is not null).Concat(waiting.Where(item => item.Flow is not null)))
        {
            Process(item, now);
        }
    }

    /// <summary>Forgets what is too old to matter.</summary>
    public void Sweep(DateTimeOffset now)
    {
        _batches.Sweep(now);
        names.Sweep(now);
        map.Expire(now);
    }

    /// <summary>
    /// Forgets the map, because another process leads. What was applied but not stored is lost with it, so a batch that is sent again has
    /// to be applied again.
    /// </summary>
    public void Clear()
    {
        ClearWaiting();
        _batches.Clear();
        map.Clear();
    }

    private void Process(Waiting item, DateTimeOffset now)
    {
        var isLast = now - item.Since >= _maxWait;
        var resolution = item.Flow is { } flow
            ? resolver.Resolve(item.Node, flow, isLast)
            : resolver.Resolve(item.Node, item.Answer!);
        if (resolution.Reason is not { } reason)
        {
            Record(resolution, now);
        }
        else if (!resolution.CanWait || isLast)
        {
            Count(reason);
        }
        else if (!TryWait(item))
        {
            Count(UnresolvedReason.TooManyWaiting);
        }
    }

    // A node may use half of the room that the others leave, so that one that reports Pods that do not exist does not take all of it.
    private bool TryWait(Waiting item)
    {
        var ofNode = _waitingOfNode.GetValueOrDefault(item.Node);
        if (_waiting.Count + ofNode >= MaxWaiting)
        {
            return false;
        }

        _waiting.Add(item);
        _waitingOfNode[item.Node] = ofNode + 1;
        return true;
    }

    private void ClearWaiting()
    {
        _waiting = [];
        _waitingOfNode.Clear();
    }

    private void Record(FlowResolution resolution, DateTimeOffset now)
    {
        foreach (var call in resolution.Calls)
        {
            if (!map.TryRecord(call, now))
            {
                Count(UnresolvedReason.TooManyWorkloads);
            }
        }
    }

    private void Count(UnresolvedReason reason) => _unresolved[(int)reason]++;

    private sealed record Waiting(string Node, DateTimeOffset Since, ObservedFlow? Flow, ObservedAnswer? Answer);
}
