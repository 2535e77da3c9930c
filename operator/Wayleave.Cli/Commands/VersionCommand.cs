using System.CommandLine;
using Wayleave.Cli.Access;
using Wayleave.Cli.Output;
using Wayleave.Cli.Reports;

namespace Wayleave.Cli.Commands;

/// <summary><c>version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create(CommonOptions options)
    {
        var onlyClient = new Option<bool>("--client") { Description = "Print only the client version; do not contact the cluster." };
        var output = CommonOptions.OutputOfReport();
        return options.CreateCommand(
            "version",
            "Shows the versions of this program and of the operator in the cluster.",
            [onlyClient, output, options.OperatorNamespace],
            async (run, token) =>
            {
                var found = run.Get(onlyClient)
                    ? null
                    : await new OperatorFinder(run.Connection, TextWriter.Null).FindAsync(run.Get(options.OperatorNamespace), token);
                var @namespace = found?.Deployment?.Metadata.NamespaceProperty;
                var report = new VersionReport(CliVersion.Text, found?.Version, found?.Image, @namespace);
                run.Print(
                    report, ReportJson.Default.VersionReport, run.Get(output)!, () => Print(run, report, hasServer: found is not null));
                return ExitCodes.Success;
            });
    }

    private static void Print(CommandRun run, VersionReport report, bool hasServer)
    {
        run.Output.WriteLine($"Client: {report.Client}");
        if (!hasServer)
        {
            return;
        }

        if (report.Namespace is null)
        {
            run.Error.WriteLine("Note: no Deployment of the operator was found.");
            return;
        }

        run.Output.WriteLine(
            $"Server: {TerminalText.Clean(report.Server ?? "unknown")} ({TerminalText.Clean(report.Image)} in namespace {TerminalText.Clean(report.Namespace)})");
        if (report.Server is { } server && server != report.Client)
        {
            run.Error.WriteLine("Note: the versions differ; what this program computes can differ from what the operator does.");
        }
    }
}
