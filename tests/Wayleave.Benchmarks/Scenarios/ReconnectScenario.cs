using System.Diagnostics;
using System.Globalization;
using Wayleave.Benchmarks.Reports;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>The memory of the operator after its watches were cut and restarted many times, with a thousand ClientIntents.</summary>
internal sealed class ReconnectScenario : Scenario
{
    private const int Size = 1000;
    private const int Parts = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Longer than the backoff of a watch.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    public override string Name => "reconnect";

    public override async Task MeasureAsync(Figures figures, Scope scope)
    {
        await using var cluster = await TestCluster.StartAsync(FleetCluster);
        using var fleet = new Fleet(cluster);
        await fleet.DeployAsync(Size);
        await using var proxy = TcpProxy.Start(cluster.ControlPlane.Server);
        await using var running = await OperatorProcess.StartAsync(await cluster.ControlPlane.WriteKubeconfigAsync(proxy.Address), NoTelemetry);
        await running.WaitUntilReadyAsync();
        await fleet.DeclareAsync(Size);
        await OperatorCost.SettledAsync(running);
        figures.Add("before watches are cut: resident memory", "MiB", running.ResidentBytes() / Megabyte);
        var first = await WatchesAsync(running);
        for (var part = 1; part <= Parts; part++)
        {
            // A leak would grow with each part; the usual growth of the heap would not.
            var goal = scope.Reconnects * part / Parts;
            var title = string.Create(CultureInfo.InvariantCulture, $"after {goal} watches or more were cut");
            figures.Add($"{title}: how many", "1", await CutAsync(running, proxy, first, goal));
            await OperatorCost.SettledAsync(running);
            figures.Add($"{title}: resident memory", "MiB", running.ResidentBytes() / Megabyte);
        }
    }

    private static async Task<double> CutAsync(OperatorProcess running, TcpProxy proxy, double first, int reconnects)
    {
        var watches = await WatchesAsync(running);
        while (watches - first < reconnects)
        {
            var goal = watches + 10;
            var cut = new Stopwatch();
            await Poll.UntilAsync(
                "the watches to be restarted",
                async _ =>
                {
                    CutIfDue(proxy, cut);
                    return (watches = await WatchesAsync(running)) >= goal;
                },
                Patience,
                CancellationToken.None);
        }

        return watches - first;
    }

    // A watch counts as started before it has a connection. A cut at that moment has no effect, so it is repeated.
    private static void CutIfDue(TcpProxy proxy, Stopwatch cut)
    {
        if (!cut.IsRunning || cut.Elapsed > Again)
        {
            proxy.CutAll();
            cut.Restart();
        }
    }

    private static async Task<double> WatchesAsync(OperatorProcess running) => (await running.ReadMetricsAsync()).Sum("wayleave_informer_watches_total");
}
