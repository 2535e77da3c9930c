using System.Globalization;
using Wayleave.Telemetry.Catalog;
using Xunit.Abstractions;

namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>
/// Runs the ledger against a model with random faults in processes, leaders, the API server's history and the collector. The counts that
/// arrive must equal what happened, by event type. <c>WAYLEAVE_LEDGER_RUNS</c> makes it a long run, <c>WAYLEAVE_LEDGER_SEED</c> repeats one.
/// </summary>
public sealed class ExactnessTests(ITestOutputHelper output)
{
    private const int Steps = 120;

    [Fact]
    public async Task Delivers_every_count_once_under_random_kills_and_faults()
    {
        var first = Number("WAYLEAVE_LEDGER_SEED", 1);
        var runs = Environment.GetEnvironmentVariable("WAYLEAVE_LEDGER_SEED") is null ? Number("WAYLEAVE_LEDGER_RUNS", 400) : 1;
        var (kills, counts) = (0, 0L);
        for (var seed = first; seed < first + runs; seed++)
        {
            var run = new ModelRun(seed);
            await run.RunAsync(Steps);
            run.Cluster.Received.ShouldBe(run.Cluster.Truth, $"seed {seed}");
            kills += run.Kills;
            counts += run.Cluster.Truth.Values.Sum();
        }

        output.WriteLine($"{runs} runs of {Steps} steps, {kills} kills, {counts} counts");
        kills.ShouldBeGreaterThan(runs);
    }

    [Fact]
    public async Task Delivers_every_count_once_when_a_leader_is_killed_at_any_call()
    {
        var moments = await RunWithKillAsync(killAt: int.MaxValue);

        moments.ShouldBeGreaterThan(20);
        for (var moment = 0; moment < moments; moment++)
        {
            await RunWithKillAsync(moment);
        }
    }

    /// <returns>The number of moments at which the leader could be killed.</returns>
    private static async Task<int> RunWithKillAsync(int killAt)
    {
        var cluster = new ModelCluster();
        await LeadAsync(new ModelReplica(cluster), _ => Task.CompletedTask);
        cluster.Create(CountedKindCatalog.Intents);
        cluster.Create(CountedKindCatalog.Intents);
        cluster.Create(CountedKindCatalog.NetworkPolicies);
        var victim = new ModelReplica(cluster);
        victim.Fuse.Set(killAt);
        await LeadAsync(victim, async leader =>
        {
            cluster.Objects.ToList().ForEach(live => cluster.Apply(live, 3, 1));
            cluster.Discover(2, 1, 1);
            leader.Hear(2);
            await leader.CheckpointAsync();
            cluster.Apply(cluster.Objects.First(), 2);
            cluster.Delete(cluster.Objects.Last());
            leader.Hear();
            await leader.FlushAsync();
            cluster.Delete(cluster.Objects.First());
            cluster.Discover(5, 3, 0, 2);
            leader.Hear();
            await leader.FlushAsync();
        });
        cluster.Objects.ToList().ForEach(cluster.Delete);
        await LeadAsync(new ModelReplica(cluster), leader => leader.FlushAsync());

        cluster.Received.ShouldBe(cluster.Truth, $"killed at moment {killAt}");
        return victim.Fuse.Passed;
    }

    private static async Task LeadAsync(ModelReplica replica, Func<ModelReplica, Task> work)
    {
        try
        {
            await replica.LeadAsync();
            await work(replica);
        }
        catch (CrashException)
        {
            // Expected: the test kills the leader.
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
