using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>Random edits and faults, and then the question whether what arrived is what was true.</summary>
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

    private Task StepAsync() => _random.Next(14) switch
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
        _ => ChangeReplicasAsync(),
    };

    // Only an operator that leads applies anything.
    private void Apply()
    {
        if (_leader is not null && Any() is { } any)
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
            // At one of the next moments in which it waits for something.
            _leader?.Fuse.Set(_random.Next(12));
            return;
        }

        Kills += _leader is null ? 0 : 1;
        _leader?.Fuse.Blow();
        _leader = null;
    }

    // The one thing that is not counted is what nobody can know: what was applied and deleted in the last second before all processes were
    // killed, when the API server has lost its memory too before one of them is back. What comes after that it remembers.
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
            // Seen below.
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
