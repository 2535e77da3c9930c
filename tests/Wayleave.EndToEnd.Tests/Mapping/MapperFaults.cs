using System.Globalization;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>Random faults of the mappers and of the API server, one after the other.</summary>
internal sealed class MapperFaults(MapperWorld world, ShopTraffic traffic, Random random)
{
    private const int LeaderFaults = 2;

    /// <summary>The faults with the times of their beginning and end.</summary>
    public List<string> Story { get; } = [];

    /// <summary>Two faults of the leader, one of the standby, and one of the API server, in any order.</summary>
    public async Task StrikeAsync()
    {
        Func<Task>[] ofLeader = [KillLeaderAsync, FreezeLeaderAsync, CutLeaderAsync];
        random.Shuffle(ofLeader);
        Func<Task>[] all = [.. ofLeader.Take(LeaderFaults), KillStandbyAsync, StopApiServerAsync];
        random.Shuffle(all);
        foreach (var strike in all)
        {
            await Task.Delay(random.Next(200, 1500));
            await strike();
        }
    }

    private async Task KillLeaderAsync()
    {
        var leader = await FindBusyLeaderAsync();
        await DoAsync($"{leader.Name} killed while it led", async () =>
        {
            await leader.KillAsync();
            await Task.Delay(random.Next(1000));
            await leader.StartAsync();
            await world.Replicas.FindLeaderAsync();
        });
    }

    // It must not write what it had in mind when it goes on.
    private async Task FreezeLeaderAsync()
    {
        var leader = await FindBusyLeaderAsync();
        await DoAsync($"{leader.Name} frozen while it led, until the other did", async () =>
        {
            await leader.Run!.Process.SignalAsync("STOP");
            await world.Replicas.FindLeaderAsync(except: leader);
            await Task.Delay(random.Next(1500));
            await leader.Run.Process.SignalAsync("CONT");
        });
    }

    private async Task CutLeaderAsync()
    {
        var leader = await FindBusyLeaderAsync();
        var isSilent = random.Next(2) == 0;
        await DoAsync($"{leader.Name} cut off ({(isSilent ? "no answers" : "refused")}) while it led, until the other did", async () =>
        {
            leader.Cut(isSilent);
            await world.Replicas.FindLeaderAsync(except: leader);
            await Task.Delay(random.Next(1500));
            leader.Reconnect();
        });
    }

    private async Task KillStandbyAsync()
    {
        var leader = await world.Replicas.FindLeaderAsync();
        var standby = world.Replicas.All.Single(replica => replica != leader);
        await DoAsync($"{standby.Name} killed on standby", async () =>
        {
            await standby.KillAsync();
            await standby.StartAsync();
            await world.Replicas.UntilSyncedAsync();
        });
    }

    // Sometimes for longer than a leader goes on without its lease.
    private async Task StopApiServerAsync()
    {
        var pause = random.Next(3) == 0 ? random.Next(11_000, 14_000) : random.Next(500, 4_000);
        await traffic.Changes.WaitAsync();
        try
        {
            await DoAsync(string.Create(CultureInfo.InvariantCulture, $"API server away for {pause} ms and its start"), async () =>
            {
                await world.Cluster.ControlPlane.StopApiServerAsync();
                await Task.Delay(pause);
                await world.Cluster.ControlPlane.StartApiServerAsync();
            });
        }
        finally
        {
            traffic.Changes.Release();
        }
    }

    // Only what a leader has acknowledged can be lost with it.
    private async Task<MapperReplica> FindBusyLeaderAsync()
    {
        MapperReplica leader = null!;
        await Poll.UntilAsync(
            "a leader that acknowledges batches",
            async _ =>
            {
                leader = await world.Replicas.FindLeaderAsync();
                return leader.Run == world.Model.Leader;
            },
            Poll.Patience,
            CancellationToken.None);
        await Task.Delay(random.Next(500, 4000));
        return leader;
    }

    private async Task DoAsync(string fault, Func<Task> strike)
    {
        var began = DateTime.UtcNow;
        try
        {
            await strike();
        }
        finally
        {
            Story.Add($"{began:HH:mm:ss.fff} to {DateTime.UtcNow:HH:mm:ss.fff} {fault}");
        }
    }
}
