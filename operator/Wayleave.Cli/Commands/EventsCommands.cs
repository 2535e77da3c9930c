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

    public static Command List(CommonOptions options)
    {
        var filter = new EventFilter();
        var output = CommonOptions.Output(OutputFormat.Table, OutputFormat.Wide, OutputFormat.Json, OutputFormat.Yaml);
        return options.CreateCommand(
            "list",
            "Lists what the operator did, newest first, from the event stores of its Pods.",
            [
                filter.Since, filter.Until, filter.Type, filter.Subject, filter.Run, filter.Session, filter.Limit, output,
                options.NoHeaders, options.OperatorNamespace,
            ],
            async (run, token) =>
            {
                var query = filter.Read(run);
                var found = await new OperatorFinder(run.Connection, run.Error).FindAsync(run.Get(options.OperatorNamespace), token);
                var answer = await new EventClient(run.Connection, run.Environment.Time).ReadAsync(found, query, token);
                Print(run, answer, run.Get(output)!);
                return ExitCodes.Success;
            });
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
            run.Print(CreateTable(answer.Events, format == OutputFormat.Wide));
        }

        if (answer.HasMore)
        {
            run.Error.WriteLine($"Note: these are the newest {answer.Events.Count} events. Use --limit, --until or other filters to see more.");
        }
    }

    private static Table CreateTable(IReadOnlyList<OperatorEvent> events, bool isWide) => Table.Create(
        events,
        new("TIME", one => one.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        new("TYPE", one => one.Type),
        new("SUBJECT", one => string.Join(",", one.Subjects.Take(1)), !isWide),
        new("SUBJECTS", one => string.Join(",", one.Subjects), isWide),
        new("RUN", one => isWide || one.Run is null || one.Run.Length < ShortRunLength ? one.Run : one.Run[..ShortRunLength]),
        new("SUMMARY", one => EventSummary.Format(one)),
        new("PARENT RUN", one => one.ParentRun, isWide),
        new("SESSION", one => one.Session, isWide),
        new("COMPONENT", one => one.Component, isWide),
        new("PROVENANCE", one => GetName(one.Provenance), isWide),
        new("ID", one => one.Id, isWide));

    private static string GetName(EventProvenance provenance) => provenance == EventProvenance.Direct ? "direct" : "inferred";
}
