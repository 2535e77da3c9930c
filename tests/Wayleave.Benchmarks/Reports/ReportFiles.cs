using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Wayleave.Benchmarks.Reports;

/// <summary>Writes a report as <c>benchmarks.json</c> and <c>benchmarks.md</c>.</summary>
internal static class ReportFiles
{
    public static async Task WriteAsync(Report report, string directory)
    {
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "benchmarks.json"), JsonSerializer.Serialize(report, ReportJson.Default.Report));
        await File.WriteAllTextAsync(Path.Combine(directory, "benchmarks.md"), Markdown(report));
    }

    /// <summary>A table with the median, the minimum and the maximum of each figure.</summary>
    public static string Markdown(Report report)
    {
        var machine = report.Machine;
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"{report.Started:yyyy-MM-dd}, commit {report.Commit}, {report.Operator}; API server {report.Kubernetes}.")
            .AppendLine(CultureInfo.InvariantCulture, $"{machine.Processors} × {machine.Processor}, {machine.MemoryMiB} MiB; {machine.System}; {machine.Runtime}.")
            .AppendLine()
            .AppendLine("| what | unit | median | from | to | samples |")
            .AppendLine("| --- | --- | ---: | ---: | ---: | ---: |");
        foreach (var figure in report.Figures)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {figure.Name} | {figure.Unit} | {Number(figure.Median)} | {Number(figure.Least)} | {Number(figure.Most)} | {figure.Samples.Count} |");
        }

        return text.ToString();
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) < 10 ? "0.##" : Math.Abs(value) < 100 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
