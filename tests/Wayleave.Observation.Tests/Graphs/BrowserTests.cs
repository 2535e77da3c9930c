using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Wayleave.Observation.Graphs;

namespace Wayleave.Observation.Tests.Graphs;

/// <summary>Opens the page in Chromium, where there is one.</summary>
public sealed class BrowserTests
{
    private static readonly DateTimeOffset _now = new(2026, 2, 1, 10, 0, 0, TimeSpan.Zero);

    [SkippableFact]
    public async Task Starts_with_the_namespaces()
    {
        var page = await OpenAsync(GraphSamples.Create(60, 200), new MapPageTitle("All namespaces", _now));

        Regex.Count(page, "class=\"node").ShouldBe(4);
        page.ShouldContain("Namespace team-0");
        page.ShouldContain("<p id=\"message\" role=\"status\"></p>");
    }

    [SkippableFact]
    public async Task Starts_with_the_workload_that_was_asked_for()
    {
        var graph = GraphSamples.Create(60, 200);
        var center = graph.Nodes.First(node => node.Name == "deployment/service-1");
        var page = await OpenAsync(graph.Around(node => node == center, 1), new MapPageTitle("All namespaces", _now) { Around = center });

        page.ShouldContain("node  center");
    }

    [SkippableFact]
    public async Task Hostile_names_are_text()
    {
        var page = await OpenAsync(GraphSamples.CreateHostile(), new MapPageTitle(GraphSamples.Hostile, _now));

        page.ShouldContain("<title>Wayleave network map</title>");
        page.ShouldNotContain("<img");
        Regex.Count(page, "class=\"node").ShouldBe(2);
    }

    // The document after the scripts have run.
    private static async Task<string> OpenAsync(CallGraph graph, MapPageTitle title)
    {
        var folder = Directory.CreateTempSubdirectory("wayleave-page-");
        try
        {
            var file = Path.Combine(folder.FullName, "map.html");
            await File.WriteAllTextAsync(file, MapPage.Write(graph, title));
            return await RunAsync(
                ["--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={folder.FullName}/profile", "--dump-dom", $"file://{file}"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> RunAsync(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("chromium", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new SkipException($"Chromium is not installed: {error.Message}", error);
        }

        using (process)
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await Task.WhenAll(output, error, process.WaitForExitAsync());
            return await output;
        }
    }
}
