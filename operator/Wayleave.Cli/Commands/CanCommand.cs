using System.CommandLine;
using System.Globalization;
using k8s.Models;
using Wayleave.Cli.Access;
using Wayleave.Cli.Output;
using Wayleave.Cli.Planning;
using Wayleave.Cli.Reports;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Connectivity;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Cli.Commands;

/// <summary><c>intents can</c>.</summary>
internal static class CanCommand
{
    public static Command Create(CliEnvironment environment, CommonOptions options)
    {
        var client = new Argument<string>("client") { Description = $"The workload that calls: {WorkloadName.Forms}." };
        var server = new Argument<string>("server") { Description = "The workload that is called, in the same form." };
        var port = new Option<string?>("--port")
        {
            Description = "Container port, not Service port, for example 8080 or 53/UDP. If omitted, one open port is enough.",
            HelpName = "PORT[/PROTOCOL]",
        };
        var output = CommonOptions.OutputOfReport();
        var command = new Command(
            "can",
            "Checks whether one workload may call another under the NetworkPolicies in the cluster, and names the object that decides. Exits with 3 if it may not.")
        {
            client, server, port, output, options.OperatorNamespace,
        };
        command.SetAction(CommandRun.Action(environment, options, async (run, token) =>
        {
            var asked = run.Get(port) is { } text ? ParsePort(text) : default(PolicyPort?);
            var (caller, called) = (WorkloadName.Parse(run.Get(client), run.Namespace), WorkloadName.Parse(run.Get(server), run.Namespace));
            var found = await new OperatorFinder(run.Connection, run.Error).FindOrAssumeAsync(run.Get(options.OperatorNamespace), token);
            caller.CheckIsWatched(found.Options);
            called.CheckIsWatched(found.Options);
            using var snapshot = await ClusterSnapshot.ReadAsync(run.Connection.Client, found.Options, ManifestOverlay.None, token);
            var report = await EvaluateAsync(run, snapshot, caller, called, asked, token);
            Print(run, report, run.Get(output)!);
            return report.Allowed ? ExitCodes.Success : ExitCodes.No;
        }));
        return command;
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

        var namespaces = snapshot.Cache.Namespaces.Store.List()
            .ToDictionary(one => one.Metadata.Name!, one => (IDictionary<string, string>?)one.Metadata.Labels, StringComparer.Ordinal);
        var evaluator = new CallEvaluator(
            new ReachabilityEvaluator(namespaces, policies), new RuleOrigins(new PolicyForecast(snapshot)));
        var client = await ReadSideAsync(run, snapshot, caller, cancellationToken);
        var server = await ReadSideAsync(run, snapshot, called, cancellationToken);
        return evaluator.Evaluate(client, server, port);
    }

    private static async Task<CallSide> ReadSideAsync(
        CommandRun run, ClusterSnapshot snapshot, WorkloadName name, CancellationToken cancellationToken)
    {
        const int PageSize = 500;
        var workload = name.Resolve(snapshot.Cache.Workloads.FindWithOverlaps(name.Namespace, name.Name));
        List<LivePod> pods = [];
        var selector = RuleText.Selector(workload.PodSelector);
        var query = new ListOptions { Namespace = name.Namespace, LabelSelector = selector, Limit = PageSize };
        do
        {
            var page = await run.Connection.CliClient.ListAsync<LivePod>(query, pods.Add, cancellationToken);
            query = query with { ContinueToken = page.ContinueProperty };
        }
        while (!string.IsNullOrEmpty(query.ContinueToken));
        var side = CallSide.Create(workload, pods);
        if (side.SkippedPods > 0)
        {
            run.Error.WriteLine($"Note: {side.SkippedPods} of {pods.Count} Pods of {TerminalText.Clean(side.Name)} were not evaluated.");
        }

        return side;
    }

    private static void Print(CommandRun run, CallReport report, string format)
    {
        if (format != OutputFormat.Table)
        {
            run.Print(report, ReportJson.Default.CallReport, format);
            return;
        }

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
