using System.CommandLine;
using Wayleave.Api;
using Wayleave.Cli.Manifests;
using Wayleave.Cli.Output;
using Wayleave.Cli.Reports;

namespace Wayleave.Cli.Commands;

/// <summary><c>intents validate</c>.</summary>
internal static class ValidateCommand
{
    public static Command Create(CommonOptions options)
    {
        var output = CommonOptions.OutputOfReport();
        return options.CreateCommand(
            "validate",
            "Validates files without a cluster, with the schemas of the CRDs and the operator's own validators. Exits with 3 if a file is"
                + " invalid or no file has a Wayleave resource.",
            [options.Files, output],
            (run, _) => Task.FromResult(Run(run, run.Get(output)!)));
    }

    private static int Run(CommandRun run, string format)
    {
        List<Finding> malformed = [];
        var documents = ManifestFiles.Read(run.Get(run.Options.Files)!, run.Environment.Input, error => malformed.Add(error.Finding));
        List<ManifestDocument> ours = [.. documents.Where(ManifestValidator.IsOurs)];
        var findings = ours.Select(ManifestValidator.Validate).ToList();
        var invalid = findings.Count(of => of.Any(finding => finding.IsError));
        var report = new ValidationReport(ours.Count, invalid, [.. malformed.Concat(findings.SelectMany(of => of)).Select(Report)]);
        run.Print(report, ReportJson.Default.ValidationReport, format, () =>
        {
            foreach (var finding in report.Findings)
            {
                var severity = run.Palette.Paint(finding.Severity, finding.Severity == "error" ? Color.Red : Color.Yellow);
                run.Output.WriteLine($"{TerminalText.Clean(finding.File)}:{finding.Line}: {severity}: {TerminalText.Clean(finding.Message)}");
            }
        });
        Summarize(run, report, documents.Count - ours.Count, malformed.Count);
        return invalid == 0 && malformed.Count == 0 && ours.Count > 0 ? ExitCodes.Success : ExitCodes.No;
    }

    private static void Summarize(CommandRun run, ValidationReport report, int others, int malformed)
    {
        if (others > 0)
        {
            run.Error.WriteLine($"Note: skipped {Count(others, "object")} that {(others == 1 ? "is not a" : "are not")} {Group.ApiVersion} {(others == 1 ? "resource" : "resources")}.");
        }

        if (malformed > 0)
        {
            run.Error.WriteLine($"{Count(malformed, "file")} cannot be read.");
        }

        run.Error.WriteLine(report switch
        {
            { Objects: 0 } => $"error: found no {Group.ApiVersion} resources",
            { Invalid: 0 } => $"{report.Objects} {(report.Objects == 1 ? "object is" : "objects are")} valid.",
            _ => $"{report.Invalid} of {report.Objects} {(report.Objects == 1 ? "object is" : "objects are")} invalid.",
        });
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static FindingReport Report(Finding finding) =>
        new(finding.File, finding.Line, finding.IsError ? "error" : "warning", finding.Message);
}
