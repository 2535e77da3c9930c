using System.CommandLine;
using k8s.Models;
using Wayleave.Cli.Output;
using Wayleave.Cli.Planning;
using Wayleave.Cli.Reports;

namespace Wayleave.Cli.Commands;

/// <summary><c>intents explain</c>.</summary>
internal static class ExplainCommand
{
    public static Command Create(CommonOptions options)
    {
        var name = new Argument<string>("workload") { Description = $"The workload: {WorkloadName.Forms}, for example deployment/cart." };
        var output = CommonOptions.OutputOfReport();
        return options.CreateCommand(
            "explain",
            "Shows who may call a workload and what it may call. Names the object behind each rule, and the reason for each declaration that is not enforced.",
            [name, output, options.NoHeaders, options.OperatorNamespace],
            async (run, token) =>
            {
                var asked = WorkloadName.Parse(run.Get(name), run.Namespace);
                var found = await run.FindOperatorAsync(token);
                asked.CheckIsWatched(found.Options);
                using var snapshot = await run.ReadSnapshotAsync(found, token);
                var workload = asked.Resolve(snapshot.Cache.Workloads.FindWithOverlaps(asked.Namespace, asked.Name));
                var policies = await run.ListAsync<V1NetworkPolicy>(asked.Namespace, null, token);
                var report = new WorkloadExplainer(new PolicyForecast(snapshot), policies, run.Now).Explain(workload);
                run.Print(report, ReportJson.Default.WorkloadReport, run.Get(output)!, () => Print(run, report));
                return ExitCodes.Success;
            });
    }

    private static void Print(CommandRun run, WorkloadReport report)
    {
        run.Output.WriteLine($"{TerminalText.Clean(report.Workload)} in namespace {TerminalText.Clean(report.Namespace)}");
        run.Output.WriteLine($"Mode: {report.Mode} ({TerminalText.Clean(report.ModeFrom)})");
        PrintDirection(
            run, "Who may call it", "CALLER", report.Ingress, "Anyone: no NetworkPolicy restricts its ingress.", "No one: no rule allows ingress.");
        PrintDirection(
            run, "What it may call", "TARGET", report.Egress, "Any destination: no NetworkPolicy restricts its egress.",
            "Nothing: no rule allows egress.");
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

        run.Print(Table.Create(
            direction.Rules,
            new(column, rule => rule.Peer), new("PORTS", rule => rule.Ports), new("FROM", rule => string.Join("; ", rule.From))));
    }

    private static void PrintTargets(CommandRun run, string title, string column, IReadOnlyList<TargetReport> targets)
    {
        if (targets.Count == 0)
        {
            return;
        }

        run.Output.WriteLine();
        run.Output.WriteLine($"{title}:");
        run.Print(Table.Create(
            targets,
            new(column, target => target.Peer), new("STATE", target => Cell.ForState(target.State)), new("REASON", target => target.Reason),
            new("FROM", target => target.From), new("MESSAGE", target => target.Message)));
    }
}
