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

    public static Command Create(CommonOptions options)
    {
        var map = new MapFilterOptions();
        var outcome = CommonOptions.Restrict(
            new Option<string?>("--outcome") { Description = "Only calls with this outcome: connected, refused or unanswered." },
            "connected", "refused", "unanswered");
        var output = CommonOptions.OutputOfObjects();
        return options.CreateCommand(
            "list",
            "Lists the calls that the network mapper has seen, and whether a ClientIntents declares them.",
            [options.AllNamespaces, options.Selector, outcome, map.Undeclared, map.IncludeInfrastructure, output, options.NoHeaders],
            async (run, token) =>
            {
                var cluster = await ClusterMap.ReadAsync(run, run.ListedNamespace, run.Get(options.Selector), token);
                var filter = CallFilter.Everything with { IncludesInfrastructure = run.Get(map.IncludeInfrastructure) };
                bool IsShown(SeenCall call) => filter.Includes(call)
                    && (run.Get(outcome) is not { } only || only.Equals(call.Call.Outcome, StringComparison.OrdinalIgnoreCase))
                    && !(run.Get(map.Undeclared) && cluster.Declared.IsDeclared(call));
                Print(run, cluster, [.. cluster.Seen.Calls.Where(IsShown)], run.Get(output)!);
                return ExitCodes.Success;
            });
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

        var table = Table.Create(
            calls,
            new("NAMESPACE", call => call.Client.Namespace, run.ListedNamespace is null),
            new("CLIENT", call => call.Client.ShortName),
            new("TARGET", call => call.TargetName),
            new("PORTS", call => call.PortText),
            new("SERVICE", call => call.Call.Service),
            new("OUTCOME", call => new Cell(call.Call.Outcome, call.IsAttempt ? Color.Red : Color.None)),
            new("DECLARED", call => cluster.Declared.IsDeclared(call) ? new Cell(Yes, Color.Green) : new Cell("no", Color.Yellow)),
            new("SOURCES", call => string.Join(",", call.Call.Sources)),
            new("FIRST", call => Age.Format(call.Call.First, run.Now)),
            new("LAST", call => Age.Format(call.Call.Last, run.Now)),
            new("CONNECTIONS", call => call.Call.Connections),
            new("CLASS", call => call.Call.Class, isWide),
            new("AMBIGUOUS", call => call.Call.Ambiguous == true ? Yes : "", isWide),
            new("ADDRESSES", call => string.Join(",", call.Call.Addresses ?? []), isWide));
        run.Print(table, run.ListedNamespace);
        foreach (var client in cluster.Seen.Clients.Where(client => client.Truncated))
        {
            run.Error.WriteLine(TerminalText.Clean($"Note: {client.Id} has more calls than an ObservedIntents can hold; new targets are left out."));
        }
    }

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
