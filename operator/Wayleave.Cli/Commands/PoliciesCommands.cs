using System.CommandLine;
using System.Globalization;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Output;
using Wayleave.Cli.Planning;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;

namespace Wayleave.Cli.Commands;

/// <summary><c>policies list</c> and <c>policies diff</c>.</summary>
internal static class PoliciesCommands
{
    public static Command List(CommonOptions options)
    {
        var output = CommonOptions.OutputOfObjects();
        IReadOnlyList<Symbol> symbols = [options.AllNamespaces, options.Selector, output, options.NoHeaders];
        return options.CreateCommand("list", "Lists the NetworkPolicies that the operator wrote.", symbols, async (run, token) =>
        {
            var all = await run.ListAsync<V1NetworkPolicy>(run.ListedNamespace, SelectorOf(run.Get(options.Selector)), token);
            List<V1NetworkPolicy> ours = [.. all.Where(PolicyMetadataReader.IsWrittenByWayleave)];
            run.Print(ours, isList: true, run.Get(output)!, isWide => Print(run, ours, isWide));
            return ExitCodes.Success;
        });
    }

    public static Command Diff(CommonOptions options)
    {
        var output = ChangePrinter.Output();
        return options.CreateCommand(
            "diff",
            "Compares the NetworkPolicies in the cluster with those that the operator would write. Exits with 3 if they differ.",
            [options.AllNamespaces, output, options.OperatorNamespace],
            async (run, token) =>
            {
                using var snapshot = await run.ReadSnapshotAsync(await run.FindOperatorAsync(token), token);
                List<PolicyChange> changes =
                [
                    .. new PolicyForecast(snapshot).Changes().Where(change =>
                        change.Action != PolicyAction.None && (run.ListedNamespace is not { } only || change.Name.Namespace == only)),
                ];
                ChangePrinter.Print(run, changes, run.Get(output)!);
                return changes.Count == 0 ? ExitCodes.Success : ExitCodes.No;
            });
    }

    private static string SelectorOf(string? more)
    {
        const string Ours = $"{WayleaveLabels.ManagedBy}={WayleaveLabels.ManagedByValue}";
        return more is null ? Ours : $"{Ours},{more}";
    }

    private static void Print(CommandRun run, IReadOnlyList<V1NetworkPolicy> policies, bool isWide)
    {
        var table = Table.Create(
            policies,
            new("NAMESPACE", policy => policy.Metadata.NamespaceProperty, run.ListedNamespace is null),
            new("NAME", policy => policy.Metadata.Name),
            new("WORKLOAD", policy => WorkloadOf(policy)),
            new("DIRECTION", policy => DirectionOf(policy)),
            new("RULES", policy => CountRules(policy).ToString(CultureInfo.InvariantCulture)),
            new("AGE", policy => Age.Format(policy.Metadata.CreationTimestamp, run.Now)),
            new("PODS", policy => policy.Spec?.PodSelector is { } pods ? RuleText.Selector(pods) : "", isWide),
            new("INSTALLATION", policy => PolicyOwner.ReadMark(policy), isWide));
        run.Print(table, run.ListedNamespace);
    }

    private static string? DirectionOf(V1NetworkPolicy policy) => policy.Metadata.Labels.Find(WayleaveLabels.Direction);

    private static int CountRules(V1NetworkPolicy policy) =>
        (DirectionOf(policy) == WayleaveLabels.Egress ? policy.Spec?.Egress?.Count : policy.Spec?.Ingress?.Count) ?? 0;

    private static string WorkloadOf(V1NetworkPolicy policy) => PolicyMetadataReader.ReadSubject(policy) is { } pods
        ? Reports.WorkloadName.Show(pods.Kind, pods.Name)
        : "";
}
