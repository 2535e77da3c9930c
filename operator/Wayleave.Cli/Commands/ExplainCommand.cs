using System.CommandLine;
using k8s.Models;
using Wayleave.Cli.Access;
using Wayleave.Cli.Output;
using Wayleave.Cli.Planning;
using Wayleave.Cli.Reports;

namespace Wayleave.Cli.Commands;

/// <summary><c>intents explain</c>.</summary>
internal static class ExplainCommand
{
    internal const string WorkloadHelp = "The workload: NAME, NAME.NAMESPACE or KIND/NAME, for example deployment/cart.";

    public static Command Create(CliEnvironment environment, CommonOptions options)
    {
        var name = new Argument<string>("workload") { Description = WorkloadHelp };
        var output = CommonOptions.OutputOfReport();
        var command = new Command(
            "explain", "Explains who may call a workload and whom it may call, from which object each rule comes, and what is not in force and why.")
        {
            name, output, options.NoHeaders, options.OperatorNamespace,
        };
        command.SetAction(CommandRun.Action(environment, options, async (run, token) =>
        {
            var asked = WorkloadName.Parse(run.Get(name), run.Namespace);
            var found = await new OperatorFinder(run.Connection, run.Error).FindOrAssumeAsync(run.Get(options.OperatorNamespace), token);
            using var snapshot = await ClusterSnapshot.ReadAsync(run.Connection.Client, found.Options, ManifestOverlay.None, token);
            var workload = asked.Resolve(snapshot.Cache.Workloads.FindWithOverlaps(asked.Namespace, asked.Name));
            var policies = await run.ListAsync<V1NetworkPolicy>(asked.Namespace, null, token);
            var report = new WorkloadExplainer(new PolicyForecast(snapshot), policies, run.Now).Explain(workload);
            if (run.Get(output) is OutputFormat.Table)
            {
                Print(run, report);
            }
            else
            {
                run.Print(report, ReportJson.Default.WorkloadReport, run.Get(output)!);
            }

            return ExitCodes.Success;
        }));
        return command;
    }

    private static void Print(CommandRun run, WorkloadReport report)
    {
        run.Output.WriteLine($"{TerminalText.Clean(report.Workload)} in namespace {TerminalText.Clean(report.Namespace)}");
        run.Output.WriteLine($"Mode: {report.Mode} ({TerminalText.Clean(report.ModeFrom)})");
        PrintDirection(
            run, "Who may call it", "CALLER", report.Ingress, "Anyone: no NetworkPolicy restricts its ingress.", "No one: no rule allows a caller.");
        PrintDirection(
            run, "Whom it may call", "TARGET", report.Egress, "Anyone who accepts it: no NetworkPolicy restricts its egress.",
            "No one: no rule allows a target.");
        PrintTargets(run, "Declared targets", "TARGET", report.Targets);
        PrintTargets(run, "Declared callers that are not in force", "CALLER", report.NotInForce);
    }

    private static void PrintDirection(
        CommandRun run, string title, string column, DirectionReport direction, string open, string closed)
    {
        run.Output.WriteLine();
        run.Output.WriteLine($"{title}:");
        if (!direction.IsRestricted)
        {
            run.Output.WriteLine(open);
            return;
        }

        foreach (var policy in direction.Policies)
        {
            run.Output.WriteLine($"{TerminalText.Clean(policy.Name)}: {policy.State}");
        }

        if (direction.Rules.Count == 0)
        {
            run.Output.WriteLine(closed);
            return;
        }

        var table = new Table(column, "PORTS", "FROM");
        foreach (var rule in direction.Rules)
        {
            table.Add(rule.Peer, rule.Ports, string.Join("; ", rule.From));
        }

        table.Print(run.Output, run.Palette, hasHeaders: !run.Get(run.Options.NoHeaders));
    }

    private static void PrintTargets(CommandRun run, string title, string column, IReadOnlyList<TargetReport> targets)
    {
        if (targets.Count == 0)
        {
            return;
        }

        run.Output.WriteLine();
        run.Output.WriteLine($"{title}:");
        var table = new Table(column, "STATE", "REASON", "FROM", "MESSAGE");
        foreach (var target in targets)
        {
            table.Add(target.Peer, new Cell(target.State, Palette.ForState(target.State)), target.Reason, target.From, target.Message);
        }

        table.Print(run.Output, run.Palette, hasHeaders: !run.Get(run.Options.NoHeaders));
    }
}
