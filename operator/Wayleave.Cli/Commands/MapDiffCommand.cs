using System.CommandLine;
using k8s.Models;
using Wayleave.Cli.Maps;
using Wayleave.Cli.Output;
using Wayleave.Cli.Planning;
using Wayleave.Cli.Reports;
using Wayleave.Observation.Proposals;

namespace Wayleave.Cli.Commands;

/// <summary><c>map diff</c>.</summary>
internal static class MapDiffCommand
{
    public static Command Create(CommonOptions options)
    {
        var map = new MapFilterOptions();
        var enforce = new Option<bool>("--enforce")
        {
            Description = "Also show the seen calls that would be cut if every namespace were in mode Enforce. Reads the whole cluster.",
        };
        var output = CommonOptions.OutputOfReport();
        return options.CreateCommand(
            "diff",
            "Compares the calls that the network mapper has seen with those that are declared: seen and not declared, declared and not seen."
                + " Exits with 3 if they differ.",
            [options.AllNamespaces, map.Client, map.MinDays, map.Include, enforce, output, options.NoHeaders, options.OperatorNamespace],
            async (run, token) =>
            {
                var filter = map.ReadFilter(run);
                var @namespace = map.ReadNamespace(run);
                var cluster = await ClusterMap.ReadAsync(run, @namespace, null, token);
                if (cluster.Seen.Clients.Count == 0)
                {
                    ClusterMap.PrintEmpty(run, @namespace);
                    return ExitCodes.Success;
                }

                var differences = MapComparison.Compare(cluster.Seen, cluster.Declared, filter);
                var cut = run.Get(enforce) ? await FindCutAsync(run, cluster, filter, token) : null;
                var report = MapDiffReport.Create(differences, cut);
                run.Print(report, ReportJson.Default.MapDiffReport, run.Get(output)!, () => Print(run, differences, cut));
                return report.IsEmpty ? ExitCodes.Success : ExitCodes.No;
            });
    }

    // Calls of components of the cluster count too: a policy cuts them as it cuts others.
    private static async Task<IReadOnlyList<CutCall>> FindCutAsync(
        CommandRun run, ClusterMap cluster, CallFilter filter, CancellationToken cancellationToken)
    {
        using var snapshot = await run.ReadSnapshotAsync(await run.FindOperatorAsync(cancellationToken), cancellationToken);
        var policies = await run.ListAsync<V1NetworkPolicy>(null, null, cancellationToken);
        var enforced = SeenCallEvaluator.Apply(policies, new PolicyForecast(snapshot), isEnforced: true);
        return new SeenCallEvaluator(snapshot, enforced)
            .FindCut(cluster.Seen.Calls.Where((filter with { IncludesInfrastructure = true }).Includes));
    }

    private static void Print(CommandRun run, IReadOnlyList<WorkloadDifference> differences, IReadOnlyList<CutCall>? cut)
    {
        var table = new Table("WORKLOAD", "DIFFERENCE", "TARGET", "PORTS", "FIRST", "LAST", "FROM");
        foreach (var difference in differences)
        {
            AddRows(run, table, difference);
        }

        if (table.Count > 0)
        {
            run.Print(table);
        }

        if (cut is { Count: > 0 })
        {
            run.Output.Write(table.Count > 0 ? run.Output.NewLine : "");
            CutCallPrinter.Print(run, "Seen calls that would be cut in mode Enforce", cut, OutputFormat.Table);
        }

        run.Error.WriteLine(Summarize(differences, cut));
    }

    private static void AddRows(CommandRun run, Table table, WorkloadDifference difference)
    {
        foreach (var call in difference.Undeclared)
        {
            table.Add(
                difference.Workload.ToString(), new Cell("not declared", Color.Yellow), call.TargetName, call.PortText,
                Age.Format(call.Call.First, run.Now), Age.Format(call.Call.Last, run.Now), call.IsAttempt ? call.Call.Outcome : "");
        }

        foreach (var unseen in difference.Unseen)
        {
            table.Add(
                difference.Workload.ToString(), new Cell("not seen", Color.Cyan), unseen.Target, unseen.Ports, "", "",
                DeclaredRulePlanner.FieldOf(unseen.Declaration.Intents, unseen.Declaration.Index));
        }
    }

    private static string Summarize(IReadOnlyList<WorkloadDifference> differences, IReadOnlyList<CutCall>? cut)
    {
        var (undeclared, unseen) = (differences.Sum(one => one.Undeclared.Count), differences.Sum(one => one.Unseen.Count));
        List<string> parts = [];
        parts.AddRange(undeclared > 0 ? [$"{undeclared} seen and not declared"] : []);
        parts.AddRange(unseen > 0 ? [$"{unseen} declared and not seen"] : []);
        parts.AddRange(cut is { Count: > 0 } ? [$"{cut.Count} would be cut"] : []);
        return parts.Count > 0 ? $"{string.Join(", ", parts)}." : "No differences.";
    }
}
