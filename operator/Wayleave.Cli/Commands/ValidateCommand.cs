using System.CommandLine;
using Wayleave.Cli.Manifests;
using Wayleave.Cli.Output;
using Wayleave.Cli.Reports;

namespace Wayleave.Cli.Commands;

/// <summary><c>intents validate</c>.</summary>
internal static class ValidateCommand
{
    public static Command Create(CliEnvironment environment, CommonOptions options)
    {
        var output = CommonOptions.OutputOfReport();
        var command = new Command(
            "validate", "Checks files without a cluster, with the schemas of the CRDs and the operator's own validators. Exit code 3: a file is invalid.")
        {
            options.Files, output,
        };
        command.SetAction(CommandRun.Action(environment, options, (run, _) => Task.FromResult(Run(run, run.Get(output)!))));
        return command;
    }

    private static int Run(CommandRun run, string format)
    {
        IReadOnlyList<ManifestDocument> documents;
        try
        {
            documents = ManifestFiles.Read(run.Get(run.Options.Files)!, run.Environment.Input);
        }
        catch (ManifestException error)
        {
            throw new CliException(error.Message, ExitCodes.No);
        }

        List<ManifestDocument> ours = [.. documents.Where(ManifestValidator.IsOurs)];
        var findings = ours.Select(ManifestValidator.Validate).ToList();
        var invalid = findings.Count(of => of.Any(finding => finding.IsError));
        var report = new ValidationReport(ours.Count, invalid, [.. findings.SelectMany(of => of).Select(Report)]);
        if (format == OutputFormat.Table)
        {
            foreach (var finding in report.Findings)
            {
                var severity = run.Palette.Paint(finding.Severity, finding.Severity == "error" ? Color.Red : Color.Yellow);
                run.Output.WriteLine($"{TerminalText.Clean(finding.File)}:{finding.Line}: {severity}: {TerminalText.Clean(finding.Message)}");
            }
        }
        else
        {
            run.Print(report, ReportJson.Default.ValidationReport, format);
        }

        Summarize(run, report, documents.Count - ours.Count);
        return invalid == 0 ? ExitCodes.Success : ExitCodes.No;
    }

    private static void Summarize(CommandRun run, ValidationReport report, int others)
    {
        if (others > 0)
        {
            run.Error.WriteLine($"Note: {others} {(others == 1 ? "object" : "objects")} of other kinds or versions not checked.");
        }

        run.Error.WriteLine(report switch
        {
            { Objects: 0 } => "No objects of Wayleave found.",
            { Invalid: 0 } => $"{report.Objects} {(report.Objects == 1 ? "object is" : "objects are")} valid.",
            _ => $"{report.Invalid} of {report.Objects} {(report.Objects == 1 ? "object is" : "objects are")} invalid.",
        });
    }

    private static FindingReport Report(Finding finding) =>
        new(finding.File, finding.Line, finding.IsError ? "error" : "warning", finding.Message);
}
