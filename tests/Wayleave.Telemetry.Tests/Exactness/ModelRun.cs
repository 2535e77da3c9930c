using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>Makes random edits and faults, and then delivers everything that is left.</summary>
internal sealed class ModelRun(int seed)
{
    private readonly Random _random = new(seed);
    private readonly ModelCluster _cluster = new();
    private ModelReplica? _leader;
    private ModelReplica? _standby;

    public ModelCluster Cluster => _cluster;

    public int Kills { get; private set; }

    public async Task RunAsync(int steps)
    {
        await TakeLeadAsync(new ModelReplica(_cluster));
        for (var step = 0; step < steps; step++)
        {
            await StepAsync();
        }

        await SettleAsync();
    }

    private Task StepAsync() => _random.Next(16) switch
    {
        0 or 1 => Done(() => _cluster.Create(_random.Next(2) == 0 ? CountedKindCatalog.Intents : CountedKindCatalog.NetworkPolicies)),
        2 or 3 or 4 => Done(Apply),
        5 => Done(Delete),
        6 or 7 => Done(() => _leader?.Hear(_random.Next(6))),
        8 => OfLeaderAsync(leader => leader.CheckpointAsync()),
        9 => OfLeaderAsync(leader => leader.FlushAsync()),
        10 => Done(() => _standby?.Hear(_random.Next(20))),
        11 => Done(() => _cluster.CollectorIsAway = _random.Next(3) == 0),
        12 => _random.Next(3) == 0 ? RestartApiServerAsync() : Done(Kill),
        13 => Done(Discover),
        _ => ChangeReplicasAsync(),
    };

    // The network mapper discovers also while no operator leads.
    private void Discover()
    {
        long[] counts = [_random.Next(4), _random.Next(2), _random.Next(2), _random.Next(2)];
        if (_random.Next(3) > 0 && Any() is { } any && any.Kind == CountedKindCatalog.ObservedIntents)
        {
            _cluster.Discover(any, counts);
        }
        else
        {
            _cluster.Discover(counts);
        }
    }

    // Only the leader applies anything.
    private void Apply()
    {
        if (_leader is not null && Any() is { } any && any.Kind != CountedKindCatalog.ObservedIntents)
        {
            _cluster.Apply(any, _random.Next(4), _random.Next(2), 0, _random.Next(2));
        }
    }

    private void Delete()
    {
        if (Any() is { } any)
        {
            _cluster.Delete(any);
        }
    }

    private ModelObject? Any() => _cluster.Objects.Count == 0 ? null : _cluster.Objects.ElementAt(_random.Next(_cluster.Objects.Count));

    private void Kill()
    {
        if (_random.Next(3) == 0)
        {
            // Kill it at one of its next calls.
            _leader?.Fuse.Set(_random.Next(12));
            return;
        }

        Kills += _leader is null ? 0 : 1;
        _leader?.Fuse.Blow();
        _leader = null;
    }

    // One case cannot be counted: an object was applied and deleted just before all processes were killed, and the API server lost its
    // history before one of them was back. The run avoids that case.
    private Task RestartApiServerAsync()
    {
        var isStored = _cluster.IsLedgerUpToDate();
        if (_leader is null && !isStored)
        {
            return Task.CompletedTask;
        }

        if (!isStored)
        {
            _leader?.Fuse.Set(int.MaxValue);
        }

        _leader?.Hear();
        _standby?.Hear();
        _cluster.Forget();
        _leader?.List();
        _standby?.List();
        return isStored ? Task.CompletedTask : OfLeaderAsync(leader => leader.CheckpointAsync());
    }

    private Task ChangeReplicasAsync()
    {
        if (_leader is not null && _standby is not null && _random.Next(3) == 0)
        {
            _leader.Follow();
            (_leader, _standby) = (null, _leader);
            return Task.CompletedTask;
        }

        if (_leader is not null)
        {
            _standby ??= new ModelReplica(_cluster);
            return Task.CompletedTask;
        }

        var next = _random.Next(2) == 0 ? _standby ?? new ModelReplica(_cluster) : new ModelReplica(_cluster);
        _standby = next == _standby ? null : _standby;
        return TakeLeadAsync(next);
    }

    private Task TakeLeadAsync(ModelReplica next)
    {
        _leader = next;
        return OfLeaderAsync(leader => leader.LeadAsync());
    }

    private async Task OfLeaderAsync(Func<ModelReplica, Task> work)
    {
        if (_leader is not { } leader)
        {
            return;
        }

        try
        {
            await work(leader);
        }
        catch (CrashException)
        {
            // Handled below.
        }

        if (leader.Fuse.IsBlown)
        {
            Kills++;
            _leader = null;
        }
    }

    private async Task SettleAsync()
    {
        _cluster.CollectorIsAway = false;
        while (_leader is null)
        {
            await TakeLeadAsync(new ModelReplica(_cluster));
        }

        _leader.Fuse.Set(int.MaxValue);
        _leader.Hear();
        await _leader.FlushAsync();
        await _leader.FlushAsync();
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
