using System.CommandLine;
using System.Globalization;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Access;
using Wayleave.Cli.Output;
using Wayleave.Cli.Planning;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;

namespace Wayleave.Cli.Commands;

/// <summary><c>policies list</c> and <c>policies diff</c>.</summary>
internal static class PoliciesCommands
{
    public static Command List(CliEnvironment environment, CommonOptions options)
    {
        var output = CommonOptions.OutputOfObjects();
        var command = new Command("list", "Lists the NetworkPolicies that the operator wrote.")
        {
            options.AllNamespaces, options.Selector, output, options.NoHeaders,
        };
        command.SetAction(CommandRun.Action(environment, options, async (run, token) =>
        {
            var format = run.Get(output)!;
            var all = await run.ListAsync<V1NetworkPolicy>(run.ListedNamespace, SelectorOf(run.Get(options.Selector)), token);
            List<V1NetworkPolicy> ours = [.. all.Where(PolicyMetadataReader.IsWrittenByWayleave)];
            if (format is OutputFormat.Table or OutputFormat.Wide)
            {
                run.Print(TableOf(ours, run, format == OutputFormat.Wide), run.ListedNamespace);
            }
            else
            {
                run.Print(ours, isList: true, format);
            }

            return ExitCodes.Success;
        }));
        return command;
    }

    public static Command Diff(CliEnvironment environment, CommonOptions options)
    {
        var output = ChangePrinter.Output();
        var command = new Command(
            "diff",
            "Compares the NetworkPolicies in the cluster with those that the operator would write. Exits with 3 if they differ.")
        {
            options.AllNamespaces, output, options.OperatorNamespace,
        };
        command.SetAction(CommandRun.Action(environment, options, async (run, token) =>
        {
            var found = await new OperatorFinder(run.Connection, run.Error).FindOrAssumeAsync(run.Get(options.OperatorNamespace), token);
            using var snapshot = await ClusterSnapshot.ReadAsync(run.Connection.Client, found.Options, ManifestOverlay.None, token);
            List<PolicyChange> changes =
            [
                .. new PolicyForecast(snapshot).Changes().Where(change =>
                    change.Action != PolicyAction.None && (run.ListedNamespace is not { } only || change.Name.Namespace == only)),
            ];
            ChangePrinter.Print(run, changes, run.Get(output)!);
            return changes.Count == 0 ? ExitCodes.Success : ExitCodes.No;
        }));
        return command;
    }

    private static string SelectorOf(string? more)
    {
        const string Ours = $"{WayleaveLabels.ManagedBy}={WayleaveLabels.ManagedByValue}";
        return more is null ? Ours : $"{Ours},{more}";
    }

    private static Table TableOf(IReadOnlyList<V1NetworkPolicy> policies, CommandRun run, bool isWide)
    {
        var hasNamespace = run.ListedNamespace is null;
        string[] headers = ["NAME", "WORKLOAD", "DIRECTION", "RULES", "AGE"];
        headers = isWide ? [.. headers, "PODS", "INSTALLATION"] : headers;
        var table = new Table(hasNamespace ? ["NAMESPACE", .. headers] : headers);
        foreach (var policy in policies)
        {
            var direction = policy.Metadata.Labels.Find(WayleaveLabels.Direction);
            var rules = direction == WayleaveLabels.Egress ? policy.Spec?.Egress?.Count : policy.Spec?.Ingress?.Count;
            List<Cell> cells =
            [
                policy.Metadata.Name, WorkloadOf(policy), direction, (rules ?? 0).ToString(CultureInfo.InvariantCulture),
                Age.Format(policy.Metadata.CreationTimestamp, run.Now),
            ];
            if (isWide)
            {
                cells.Add(policy.Spec?.PodSelector is { } pods ? RuleText.Selector(pods) : "");
                cells.Add(PolicyOwner.ReadMark(policy));
            }

            table.Add(hasNamespace ? [policy.Metadata.NamespaceProperty, .. cells] : cells);
        }

        return table;
    }

    private static string WorkloadOf(V1NetworkPolicy policy) => PolicyMetadataReader.ReadSubject(policy) is { } pods
        ? Reports.WorkloadName.Show(pods.Kind, pods.Name)
        : "";
}
