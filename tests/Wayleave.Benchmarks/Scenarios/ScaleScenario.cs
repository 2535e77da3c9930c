using System.Diagnostics;
using System.Globalization;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Benchmarks.Reports;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>The cost of a single change and of a start, and the memory, in small and in large clusters.</summary>
internal sealed class ScaleScenario : Scenario
{
    private const int Edits = 40;
    private const int Scrapes = 10;
    private int _port = 9000;

    public override string Name => "scale";

    public override async Task MeasureAsync(Figures figures, Scope scope)
    {
        await using var cluster = await TestCluster.StartAsync(FleetCluster);
        using var fleet = new Fleet(cluster);
        await StartsAsync(cluster, 0, figures, scope.Rounds);
        foreach (var size in scope.Sizes)
        {
            await GrowAsync(cluster, fleet, size, figures);
            await EditsAsync(cluster, fleet, figures, scope.Rounds);
            await StartsAsync(cluster, size, figures, scope.Rounds);
        }
    }

    private static async Task GrowAsync(TestCluster cluster, Fleet fleet, int size, Figures figures)
    {
        await fleet.DeployAsync(size);
        await using var running = await StartAsync(cluster, NoTelemetry);
        await fleet.DeclareAsync(size);
        await OperatorCost.SettledAsync(running);
        figures.Add(Title(size, "resident memory after they were declared"), "MiB", running.ResidentBytes() / Megabyte);
        await running.StopAsync();
    }

    private async Task EditsAsync(TestCluster cluster, Fleet fleet, Figures figures, int rounds)
    {
        var size = fleet.Declared;
        using var bare = new BareWrites(cluster);
        await bare.RecordAsync(Edits);
        List<double> all = [];
        List<double> limits = [];
        for (var round = 0; round < rounds; round++)
        {
            var limit = await EditAsync(cluster, fleet, bare.WritePolicyAsync, isReported: false);
            figures.Add(Title(size, "an edit, the limit, median"), "ms", Figure.Of(limit.FromRequest, 50));
            limits.AddRange(limit.FromRequest);
            all.AddRange(await EditsOfOperatorAsync(cluster, fleet, figures));
        }

        figures.Add(Title(size, "an edit reaches its policy, 99th percentile of all"), "ms", Figure.Of(all, 99));
        figures.Add(Title(size, "an edit, the limit, 99th percentile of all"), "ms", Figure.Of(limits, 99));
    }

    private async Task<List<double>> EditsOfOperatorAsync(TestCluster cluster, Fleet fleet, Figures figures)
    {
        var size = fleet.Declared;
        await using var running = await StartAsync(cluster, NoTelemetry);
        await EditAsync(cluster, fleet, (_, _) => Task.CompletedTask, isReported: true);
        var before = await OperatorCost.SettledAsync(running);
        var cpu = running.ThreadsCpu();
        var times = await EditAsync(cluster, fleet, (_, _) => Task.CompletedTask, isReported: true);
        cpu = running.ThreadsCpu() - cpu;
        var cost = await OperatorCost.SettledAsync(running) - before;
        figures.Add(Title(size, "an edit reaches its policy, median"), "ms", Figure.Of(times.FromRequest, 50));
        figures.Add(Title(size, "an edit reaches its policy, from its response, median"), "ms", Figure.Of(times.FromResponse, 50));
        figures.Add(Title(size, "an edit: API requests"), "1", cost.Requests / Edits);
        figures.Add(Title(size, "an edit: CPU"), "ms", cpu.TotalMilliseconds / Edits);
        figures.Add(Title(size, "a look at /metrics: CPU"), "ms", await ScrapeAsync(running));
        await running.StopAsync();
        return times.FromRequest;
    }

    private static async Task<double> ScrapeAsync(OperatorProcess running)
    {
        var before = running.ThreadsCpu();
        for (var i = 0; i < Scrapes; i++)
        {
            await running.ReadMetricsAsync();
        }

        return (running.ThreadsCpu() - before).TotalMilliseconds / Scrapes;
    }

    // One at a time: the next edit starts when the status of this one is written. That wait is not measured.
    private async Task<EditTimes> EditAsync(TestCluster cluster, Fleet fleet, Func<int, int, Task> write, bool isReported)
    {
        await using var policies = new ChangeWatch<V1NetworkPolicy>(cluster, Fleet.NamespaceOf(0));
        await using var statuses = new ChangeWatch<ClientIntents>(cluster, Fleet.NamespaceOf(0), Arrivals.IsReported);
        await policies.NextAsync(Fleet.PolicyOf(Fleet.PerNamespace - 1));
        var times = new EditTimes([], []);
        for (var i = 0; i < Edits; i++)
        {
            policies.Forget();
            statuses.Forget();
            var port = ++_port;
            var started = Stopwatch.GetTimestamp();
            await fleet.DeclareAsync(i, port);
            var responded = Stopwatch.GetTimestamp();
            await write(i, port);
            var reached = await policies.NextAsync(Fleet.PolicyOf(i));
            times.FromRequest.Add(Stopwatch.GetElapsedTime(started, reached).TotalMilliseconds);

            // The watch may be faster than the response.
            times.FromResponse.Add(Math.Max(0, Stopwatch.GetElapsedTime(responded, reached).TotalMilliseconds));
            if (isReported)
            {
                await statuses.NextAsync(Fleet.NameOf(i));
            }
        }

        return times;
    }

    private static async Task StartsAsync(TestCluster cluster, int size, Figures figures, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            await using var running = await OperatorProcess.StartAsync(cluster.ControlPlane.KubeconfigPath, NoTelemetry);
            await Starting.ReadyAsync(running);
            figures.Add(Title(size, "start to ready"), "ms", Stopwatch.GetElapsedTime(running.StartedAt).TotalMilliseconds);
            figures.Add(Title(size, "start to converged"), "ms", (await Starting.ConvergedAsync(running, 2 * size)).TotalMilliseconds);
            var cost = await OperatorCost.SettledAsync(running);
            figures.Add(Title(size, "start: API requests"), "1", cost.Requests);
            figures.Add(Title(size, "start: API writes"), "1", cost.Writes);
            figures.Add(Title(size, "start: CPU"), "ms", cost.CpuSeconds * 1000);
            figures.Add(Title(size, "resident memory after a start"), "MiB", running.ResidentBytes() / Megabyte);
            figures.Add(Title(size, "resident memory at its peak"), "MiB", running.PeakResidentBytes() / Megabyte);
            await running.StopAsync();

            await using var json = await OperatorProcess.StartAsync(
                cluster.ControlPlane.KubeconfigPath,
                NoTelemetry with { Arguments = [.. NoTelemetry.Arguments, "--kube-api-content-type=application/json"] });
            await Starting.ReadyAsync(json);
            figures.Add(Title(size, "start to ready, reading JSON"), "ms", Stopwatch.GetElapsedTime(json.StartedAt).TotalMilliseconds);
            await json.StopAsync();
        }
    }

    private static string Title(int size, string what) => string.Create(CultureInfo.InvariantCulture, $"{size} ClientIntents: {what}");

    /// <summary>The times until edits have reached their policies, in milliseconds.</summary>
    private readonly record struct EditTimes(List<double> FromRequest, List<double> FromResponse);
}
