using Wayleave.Benchmarks.Reports;
using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>Runs the scenarios one after the other and reports them.</summary>
internal static class Suite
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Scope scope, IReadOnlyList<string> names, string directory, TextWriter output)
    {
        var report = new Report(await CommitAsync(), Program(), await KubernetesAsync(), DateTimeOffset.UtcNow, Machine.Read(), []);
        var figures = new Figures();
        foreach (var scenario in All(scope).Where(scenario => names.Count == 0 ? scope.Includes(scenario) : names.Contains(scenario.Name)))
        {
            await output.WriteLineAsync($"{DateTimeOffset.UtcNow:HH:mm:ss} {scenario.Name} ...");
            await scenario.MeasureAsync(figures, scope);

            // Write after each scenario, so that an aborted run keeps its measurements.
            report = report with { Figures = figures.All };
            await ReportFiles.WriteAsync(report, directory);
        }

        await output.WriteLineAsync(ReportFiles.Markdown(report));
        return 0;
    }

    private static IEnumerable<Scenario> All(Scope scope) =>
        [.. scope.Bulks.Select(bulk => new BulkScenario(bulk.Size, bulk.Rounds)), new ScaleScenario(), .. FeatureScenario.All, new RestScenario(), new ReconnectScenario()];

    private static async Task<string> CommitAsync()
    {
        var commit = await ChildProcess.RunAsync("git", ["-C", Checkout.PathOf(), "describe", "--always", "--dirty"]);
        return commit.ExitCode == 0 ? commit.Output.Trim() : "unknown";
    }

    private static string Program() => Environment.GetEnvironmentVariable("WAYLEAVE_OPERATOR") is { } published
        ? FormattableString.Invariant($"the program as published, {new FileInfo(published).Directory!.EnumerateFiles("*").Where(file => file.Extension is not (".pdb" or ".dbg")).Sum(file => file.Length) / Scenario.Megabyte:0.0} MiB")
        : "the program as built for development";

    private static async Task<string> KubernetesAsync()
    {
        await using var cluster = await ControlPlane.StartAsync(new ControlPlaneOptions { ExternalKubeconfig = null });
        var version = (await cluster.KubectlAsync(["version", "--output=json"])).EnsureSuccess().Output;
        return System.Text.Json.JsonDocument.Parse(version).RootElement.GetProperty("serverVersion").GetProperty("gitVersion").GetString()!;
    }
}
