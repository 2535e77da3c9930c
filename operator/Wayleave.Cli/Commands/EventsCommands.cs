using System.CommandLine;
using System.Globalization;
using Wayleave.Cli.Access;
using Wayleave.Cli.Output;
using Wayleave.Cli.Reports;
using Wayleave.EventStore.Events;

namespace Wayleave.Cli.Commands;

/// <summary><c>events list</c>.</summary>
internal static class EventsCommands
{
    private const int ShortRunLength = 8;

    public static Command List(CliEnvironment environment, CommonOptions options)
    {
        var filter = new EventFilter();
        var output = CommonOptions.Output(OutputFormat.Table, OutputFormat.Wide, OutputFormat.Json, OutputFormat.Yaml);
        var command = new Command("list", "Lists what the operator did, newest first, from the event stores of its Pods.")
        {
            filter.Since, filter.Until, filter.Type, filter.Subject, filter.Run, filter.Session, filter.Limit, output, options.NoHeaders,
            options.OperatorNamespace,
        };
        command.SetAction(CommandRun.Action(environment, options, async (run, token) =>
        {
            var query = filter.Read(run);
            var found = await new OperatorFinder(run.Connection, run.Error).FindAsync(run.Get(options.OperatorNamespace), token);
            var answer = await new EventClient(run.Connection, environment.Time).ReadAsync(found, query, token);
            Print(run, answer, run.Get(output)!);
            return ExitCodes.Success;
        }));
        return command;
    }

    private static void Print(CommandRun run, EventAnswer answer, string format)
    {
        foreach (var failure in answer.Failures)
        {
            run.Error.WriteLine(TerminalText.Clean($"Note: the events of pod/{failure.Pod} are not shown: {failure.Reason}"));
        }

        if (format is OutputFormat.Json or OutputFormat.Yaml)
        {
            run.Print(answer.Events, ReportJson.Default.IReadOnlyListOperatorEvent, format);
        }
        else if (answer.Events.Count == 0)
        {
            run.Error.WriteLine("No events found. Use an earlier --since or fewer filters to see others.");
        }
        else
        {
            CreateTable(answer.Events, format == OutputFormat.Wide)
                .Print(run.Output, run.Palette, hasHeaders: !run.Get(run.Options.NoHeaders));
        }

        if (answer.HasMore)
        {
            run.Error.WriteLine($"Note: these are the newest {answer.Events.Count} events. Use --limit, --until or other filters to see more.");
        }
    }

    private static Table CreateTable(IReadOnlyList<OperatorEvent> events, bool isWide)
    {
        var table = isWide
            ? new Table("TIME", "TYPE", "SUBJECTS", "RUN", "SUMMARY", "PARENT RUN", "SESSION", "COMPONENT", "PROVENANCE", "ID")
            : new Table("TIME", "TYPE", "SUBJECT", "RUN", "SUMMARY");
        foreach (var one in events)
        {
            List<Cell> cells =
            [
                one.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), one.Type,
                string.Join(",", isWide ? one.Subjects : one.Subjects.Take(1)),
                isWide || one.Run is null || one.Run.Length < ShortRunLength ? one.Run : one.Run[..ShortRunLength],
                EventSummary.Format(one),
            ];
            table.Add(isWide
                ? [.. cells, one.ParentRun, one.Session, one.Component, GetName(one.Provenance), one.Id]
                : cells);
        }

        return table;
    }

    private static string GetName(EventProvenance provenance) => provenance == EventProvenance.Direct ? "direct" : "inferred";
}
