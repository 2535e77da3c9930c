using System.CommandLine;
using System.Globalization;
using k8s.Models;
using Wayleave.Cli.Access;
using Wayleave.Cli.Output;
using Wayleave.Cli.Planning;
using Wayleave.Cli.Reports;
using Wayleave.Enforcement.Connectivity;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Cli.Commands;

/// <summary><c>intents can</c>.</summary>
internal static class CanCommand
{
    public static Command Create(CommonOptions options)
    {
        var client = new Argument<string>("client") { Description = $"The workload that calls: {WorkloadName.Forms}." };
        var server = new Argument<string>("server") { Description = "The workload that is called, in the same form." };
        var port = CommonOptions.Create<string?>(
            "--port", "PORT[/PROTOCOL]", "Container port, not Service port, for example 8080 or 53/UDP. If omitted, one open port is enough.");
        var output = CommonOptions.OutputOfReport();
        return options.CreateCommand(
            "can",
            "Checks whether one workload may call another under the NetworkPolicies in the cluster, and names the object that decides. Exits with 3 if it may not.",
            [client, server, port, output, options.OperatorNamespace],
            async (run, token) =>
            {
                var asked = run.Get(port) is { } text ? ParsePort(text) : default(PolicyPort?);
                var caller = WorkloadName.Parse(run.Get(client), run.Namespace);
                var called = WorkloadName.Parse(run.Get(server), run.Namespace);
                var found = await run.FindOperatorAsync(token);
                caller.CheckIsWatched(found.Options);
                called.CheckIsWatched(found.Options);
                using var snapshot = await run.ReadSnapshotAsync(found, token);
                var report = await EvaluateAsync(run, snapshot, caller, called, asked, token);
                run.Print(report, ReportJson.Default.CallReport, run.Get(output)!, () => Print(run, report));
                return report.Allowed ? ExitCodes.Success : ExitCodes.No;
            });
    }

    private static async Task<CallReport> EvaluateAsync(
        CommandRun run, ClusterSnapshot snapshot, WorkloadName caller, WorkloadName called, PolicyPort? port,
        CancellationToken cancellationToken)
    {
        var policies = await run.ListAsync<V1NetworkPolicy>(caller.Namespace, null, cancellationToken);
        if (called.Namespace != caller.Namespace)
        {
            policies.AddRange(await run.ListAsync<V1NetworkPolicy>(called.Namespace, null, cancellationToken));
        }

        var evaluator = new CallEvaluator(snapshot.CreateEvaluator(policies), new RuleOrigins(new PolicyForecast(snapshot)));
        var client = await ReadSideAsync(run, snapshot, caller, cancellationToken);
        var server = await ReadSideAsync(run, snapshot, called, cancellationToken);
        return evaluator.Evaluate(client, server, port);
    }

    private static async Task<CallSide> ReadSideAsync(
        CommandRun run, ClusterSnapshot snapshot, WorkloadName name, CancellationToken cancellationToken)
    {
        var workload = name.Resolve(snapshot.Cache.Workloads.FindWithOverlaps(name.Namespace, name.Name));
        var pods = await CommandRun.ListAsync<LivePod>(
            run.Connection.CliClient, name.Namespace, RuleText.Selector(workload.PodSelector), cancellationToken);
        var side = CallSide.Create(workload, pods);
        if (side.SkippedPods > 0)
        {
            run.Error.WriteLine($"Note: {side.SkippedPods} of {pods.Count} Pods of {TerminalText.Clean(side.Name)} were not evaluated.");
        }

        return side;
    }

    private static void Print(CommandRun run, CallReport report)
    {
        var answer = report.Allowed ? run.Palette.Paint("yes", Color.Green) : run.Palette.Paint("no", Color.Red);
        var verb = report.Allowed ? "may call" : "may not call";
        run.Output.WriteLine($"{answer}: {TerminalText.Clean(report.Client)} {verb} {TerminalText.Clean(report.Server)} on {report.Port}");
        PrintSide(run, "egress", report.Egress);
        PrintSide(run, "ingress", report.Ingress);
        if (report.HasNoCommonPort)
        {
            run.Output.WriteLine("ports: no port is in both rules");
        }
    }

    private static void PrintSide(CommandRun run, string name, SideReport side)
    {
        run.Output.WriteLine($"{name}: {TerminalText.Clean(side.Decision)}");
        foreach (var from in side.From)
        {
            run.Output.WriteLine($"  from {TerminalText.Clean(from)}");
        }
    }

    private static PolicyPort ParsePort(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 ? PolicyPort.Tcp : text[(slash + 1)..].ToUpperInvariant();
        return int.TryParse(slash < 0 ? text : text[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and <= 65535
            && ReachabilityEvaluator.Protocols.Contains(protocol, StringComparer.Ordinal)
                ? new PolicyPort(protocol, number)
                : throw new CliException(
                    $"--port: \"{text}\" is not a port; use a number from 1 to 65535, with /UDP or /SCTP unless it is TCP", ExitCodes.BadUsage);
    }
}
