using System.CommandLine;
using Wayleave.Api;
using Wayleave.Cli.Access;
using Wayleave.Cli.Maps;
using Wayleave.Cli.Output;
using Wayleave.Observation.Proposals;

namespace Wayleave.Cli.Commands;

/// <summary><c>map list</c>.</summary>
internal static class MapListCommand
{
    private const string Yes = "yes";
    private const string No = "no";

    public static Command Create(CliEnvironment environment, CommonOptions options)
    {
        var map = new MapFilterOptions();
        var outcome = CreateOutcome();
        var output = CommonOptions.OutputOfObjects();
        var command = new Command("list", "Lists the calls that the network mapper has seen, and whether a ClientIntents declares them.")
        {
            options.AllNamespaces, options.Selector, outcome, map.Undeclared, map.IncludeInfrastructure, output, options.NoHeaders,
        };
        command.SetAction(CommandRun.Action(environment, options, async (run, token) =>
        {
            var cluster = await ClusterMap.ReadAsync(run, run.ListedNamespace, run.Get(options.Selector), token);
            var filter = CallFilter.Everything with { IncludesInfrastructure = run.Get(map.IncludeInfrastructure) };
            bool IsShown(SeenCall call) => filter.Includes(call)
                && (run.Get(outcome) is not { } only || only.Equals(call.Call.Outcome, StringComparison.OrdinalIgnoreCase))
                && !(run.Get(map.Undeclared) && cluster.Declared.IsDeclared(call));
            Print(run, cluster, [.. cluster.Seen.Calls.Where(IsShown)], run.Get(output)!);
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Option<string?> CreateOutcome()
    {
        string[] outcomes = ["connected", "refused", "unanswered"];
        var option = new Option<string?>("--outcome")
        {
            Description = "Only calls with this outcome: connected, refused or unanswered.",
            HelpName = string.Join('|', outcomes),
        };
        option.AcceptOnlyFromAmong(outcomes);
        return option;
    }

    private static void Print(CommandRun run, ClusterMap cluster, IReadOnlyList<SeenCall> calls, string format)
    {
        if (format is OutputFormat.Table or OutputFormat.Wide)
        {
            PrintTable(run, cluster, calls, format == OutputFormat.Wide);
            return;
        }

        var shown = calls.Select(call => call.Call).ToHashSet(ReferenceEqualityComparer.Instance);
        List<ObservedIntents> objects = [.. cluster.Objects.Select(one => WithCalls(one, shown)).Where(one => one.Calls.Count > 0)];
        run.Output.Write(ObjectPrinter.Format(objects, isList: true, format, CliKinds.Registry));
    }

    private static void PrintTable(CommandRun run, ClusterMap cluster, IReadOnlyList<SeenCall> calls, bool isWide)
    {
        if (cluster.Seen.Clients.Count == 0)
        {
            ClusterMap.PrintEmpty(run, run.ListedNamespace);
            return;
        }

        var hasNamespace = run.ListedNamespace is null;
        string[] headers = ["CLIENT", "TARGET", "PORTS", "SERVICE", "OUTCOME", "DECLARED", "SOURCES", "FIRST", "LAST", "CONNECTIONS"];
        headers = isWide ? [.. headers, "CLASS", "AMBIGUOUS", "ADDRESSES"] : headers;
        var table = new Table(hasNamespace ? ["NAMESPACE", .. headers] : headers);
        foreach (var call in calls)
        {
            IReadOnlyList<Cell> cells = [.. CellsOf(run, cluster, call), .. isWide ? WideCellsOf(call) : []];
            table.Add(hasNamespace ? [call.Client.Namespace, .. cells] : cells);
        }

        run.Print(table, run.ListedNamespace);
        foreach (var client in cluster.Seen.Clients.Where(client => client.Truncated))
        {
            run.Error.WriteLine(TerminalText.Clean($"Note: {client.Id} has more calls than an ObservedIntents can hold; new targets are left out."));
        }
    }

    private static IEnumerable<Cell> CellsOf(CommandRun run, ClusterMap cluster, SeenCall call)
    {
        var isDeclared = cluster.Declared.IsDeclared(call);
        return
        [
            call.Client.ShortName, call.TargetName, call.PortText, call.Call.Service,
            new Cell(call.Call.Outcome, call.IsAttempt ? Color.Red : Color.None),
            new Cell(isDeclared ? Yes : No, isDeclared ? Color.Green : Color.Yellow), string.Join(",", call.Call.Sources),
            Age.Format(call.Call.First, run.Now), Age.Format(call.Call.Last, run.Now), call.Call.Connections,
        ];
    }

    private static IEnumerable<Cell> WideCellsOf(SeenCall call) =>
        [call.Call.Class, call.Call.Ambiguous == true ? Yes : "", string.Join(",", call.Call.Addresses ?? [])];

    private static ObservedIntents WithCalls(ObservedIntents one, HashSet<object?> shown) => new()
    {
        Metadata = one.Metadata,
        Workload = one.Workload,
        Since = one.Since,
        Calls = [.. (one.Calls ?? []).Where(shown.Contains)],
        Truncated = one.Truncated,
        Telemetry = one.Telemetry,
    };
}
