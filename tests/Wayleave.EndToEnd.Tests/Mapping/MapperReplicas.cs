using System.Collections.Concurrent;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Mapping;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>A process of a replica.</summary>
internal sealed class MapperRun(MapperProcess process, DateTimeOffset startedAt)
{
    public MapperProcess Process => process;

    /// <summary>The time before the start.</summary>
    public DateTimeOffset StartedAt => startedAt;

    /// <summary>A time after it had listed everything. Null until then.</summary>
    public DateTimeOffset? SyncedAt { get; set; }
}

/// <summary>A replica of the mapper across restarts, with a proxy of its own to the API server.</summary>
/// <param name="name">Its name.</param>
/// <param name="user">Its user at the API server.</param>
/// <param name="proxy">The proxy, which it disposes.</param>
/// <param name="kubeconfig">The path of its kubeconfig.</param>
internal sealed class MapperReplica(string name, string user, TcpProxy proxy, string kubeconfig) : IAsyncDisposable
{
    private volatile MapperRun? _run;

    public string Name => name;

    public string User => user;

    /// <summary>Null while no process runs.</summary>
    public MapperRun? Run => _run;

    /// <summary>The logs of the processes that ended.</summary>
    public ConcurrentQueue<string> OldLogs { get; } = new();

    public async Task StartAsync()
    {
        var startedAt = DateTimeOffset.UtcNow;
        var process = await MapperProcess.StartAsync(MapperProcess.Program, kubeconfig, ["--leader-elect", "--count-discoveries"]);
        _run = new MapperRun(process, startedAt);
    }

    /// <summary>Ends the process with SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_run is { } run)
        {
            _run = null;
            KeepLog(run);
            await run.Process.DisposeAsync();
        }
    }

    /// <summary>Ends the process with SIGTERM.</summary>
    public async Task StopAsync()
    {
        if (_run is { } run)
        {
            await run.Process.StopAsync();
            await KillAsync();
        }
    }

    /// <summary>Cuts it off from the API server.</summary>
    /// <param name="isSilent">Whether requests get no answer, instead of being refused.</param>
    public void Cut(bool isSilent)
    {
        if (isSilent)
        {
            proxy.Blackhole();
        }
        else
        {
            proxy.Refuse();
        }

        proxy.CutAll();
    }

    public void Reconnect()
    {
        proxy.Accept();
        proxy.CutAll();
    }

    /// <summary>Whether it takes batches. Also remembers when it had listed everything.</summary>
    public async Task<bool> LeadsAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_run is not { } run)
            {
                return false;
            }

            var reason = await run.Process.ReadNotReadyReasonAsync(cancellationToken);
            if (reason is null || reason.StartsWith("not leading", StringComparison.Ordinal))
            {
                run.SyncedAt ??= DateTimeOffset.UtcNow;
            }

            return reason is null;
        }
        catch (Exception error) when (error is HttpRequestException or ObjectDisposedException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // It was killed, or is frozen.
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await proxy.DisposeAsync();
    }

    private void KeepLog(MapperRun run)
    {
        foreach (var line in run.Process.Log)
        {
            OldLogs.Enqueue(line);
        }
    }
}

/// <summary>Two replicas of the mapper with a lease.</summary>
internal sealed class MapperReplicas(TestCluster cluster) : IAsyncDisposable
{
    private readonly List<MapperReplica> _all = [];

    public IReadOnlyList<MapperReplica> All => _all;

    /// <summary>Starts both, and returns when one leads and the other has listed everything.</summary>
    public async Task StartAsync()
    {
        foreach (var name in new[] { "mapper-0", "mapper-1" })
        {
            var account = await ServiceAccount.CreateAsync(cluster.ControlPlane, "wayleave-system", name);
            var proxy = TcpProxy.Start(cluster.ControlPlane.Server);
            _all.Add(new MapperReplica(name, account.User, proxy, await account.WriteKubeconfigAsync(cluster.ControlPlane, proxy.Address)));
        }

        await Task.WhenAll(_all.Select(replica => replica.StartAsync()));
        await FindLeaderAsync();
        await UntilSyncedAsync();
    }

    /// <summary>Waits until a replica takes batches.</summary>
    /// <param name="except">One that does not count.</param>
    public async Task<MapperReplica> FindLeaderAsync(MapperReplica? except = null) => await Poll.UntilAsync(
        "a mapper that leads",
        async token =>
        {
            foreach (var replica in All.Where(replica => replica != except))
            {
                if (await replica.LeadsAsync(token))
                {
                    return replica;
                }
            }

            return null;
        },
        Poll.Patience,
        CancellationToken.None);

    /// <summary>Waits until both have listed everything.</summary>
    public Task UntilSyncedAsync() => Poll.UntilAsync(
        "both mappers to know the cluster",
        async token =>
        {
            await Task.WhenAll(All.Select(replica => replica.LeadsAsync(token)));
            return All.All(replica => replica.Run?.SyncedAt is not null);
        },
        Poll.Patience,
        CancellationToken.None);

    /// <summary>The last lines of their logs, for failure messages.</summary>
    public string Logs() => string.Join('\n', All.Select(replica =>
        $"{replica.Name}:\n{string.Join('\n', replica.OldLogs.Concat(replica.Run?.Process.Log ?? []).TakeLast(40))}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in All)
        {
            await replica.DisposeAsync();
        }
    }
}
