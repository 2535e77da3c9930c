using System.Diagnostics;
using System.Globalization;
using Wayleave.Benchmarks.Reports;
using Wayleave.Benchmarks.Scenarios;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Soak;

/// <summary>Runs a thousand ClientIntents, ten of which change each second, for a given time, and then five minutes without changes.</summary>
internal static class SoakRun
{
    private const int Size = 1000;
    private const int ChangesASecond = 10;
    private const double MemoryTolerance = 1.1;
    private const int HandleTolerance = 4;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(5);

    /// <returns>The exit code: 0 if memory and handles did not grow and nothing was logged in the idle time.</returns>
    public static async Task<int> RunAsync(TimeSpan length, string directory, TextWriter output)
    {
        await using var cluster = await TestCluster.StartAsync(Scenario.FleetCluster);
        using var fleet = new Fleet(cluster);
        await fleet.DeployAsync(Size);
        await using var running = await OperatorProcess.StartAsync(cluster.ControlPlane.KubeconfigPath);
        await running.WaitUntilReadyAsync();
        await fleet.DeclareAsync(Size);
        await OperatorCost.SettledAsync(running);
        List<SoakSample> samples = [];
        var clock = Stopwatch.StartNew();
        using var over = new CancellationTokenSource();
        var changing = ChangeAsync(fleet, over.Token);
        await SampleAsync(running, samples, clock, length);
        await over.CancelAsync();
        var changes = await changing;
        await OperatorCost.SettledAsync(running);
        var lines = running.Log.Count;
        await SampleAsync(running, samples, clock, clock.Elapsed + IdleTime);
        return await JudgeAsync(samples, changes, running.Log.Count - lines, directory, output);
    }

    private static async Task<int> ChangeAsync(Fleet fleet, CancellationToken over)
    {
        var changes = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / ChangesASecond));
        while (!over.IsCancellationRequested)
        {
            await fleet.DeclareAsync(changes % Size, 9000 + (changes / Size % 1000), cancellationToken: CancellationToken.None);
            changes++;
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        return changes;
    }

    private static async Task SampleAsync(OperatorProcess running, List<SoakSample> samples, Stopwatch clock, TimeSpan until)
    {
        while (clock.Elapsed < until)
        {
            await Task.Delay(Interval);
            var handles = Directory.GetFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{running.Id}/fd")).Length;
            samples.Add(new SoakSample(clock.Elapsed.TotalMinutes, running.ResidentBytes() / Scenario.Megabyte, handles, running.Log.Count));
        }
    }

    // The first tenth is a warm-up. Compare the second and the last.
    private static async Task<int> JudgeAsync(List<SoakSample> samples, int changes, int lines, string directory, TextWriter output)
    {
        var tenth = samples.Count / 10;
        var before = samples.Skip(tenth).Take(tenth).ToList();
        var after = samples.TakeLast(tenth).ToList();
        var (memoryBefore, memoryAfter) = (Figure.Of(before.Select(sample => sample.MemoryMiB), 50), Figure.Of(after.Select(sample => sample.MemoryMiB), 50));
        var (handlesBefore, handlesAfter) = (Figure.Of(before.Select(sample => (double)sample.Handles), 50), Figure.Of(after.Select(sample => (double)sample.Handles), 50));
        Directory.CreateDirectory(directory);
        var title = FormattableString.Invariant($"{changes:N0} changes in {samples[^1].Minutes - IdleTime.TotalMinutes:0} min, then 5 min idle");
        await File.WriteAllTextAsync(Path.Combine(directory, "soak.svg"), SoakPicture.Svg(samples, title));
        await output.WriteLineAsync(FormattableString.Invariant(
            $"{title}: resident memory {memoryBefore:0.0} MiB in the second tenth and {memoryAfter:0.0} MiB in the last, at most {samples.Max(sample => sample.MemoryMiB):0.0}; handles {handlesBefore:0} and {handlesAfter:0}, at most {samples.Max(sample => sample.Handles)}; {lines} lines in the log while idle, {samples[^1].LogLines} in all"));
        return memoryAfter <= memoryBefore * MemoryTolerance && handlesAfter <= handlesBefore + HandleTolerance && lines == 0 ? 0 : 1;
    }
}
