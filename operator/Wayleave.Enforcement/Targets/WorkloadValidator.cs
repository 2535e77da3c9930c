using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Targets;

/// <summary>Validates a workload's name, kind and selector, for rules that the schema cannot express or if it was bypassed.</summary>
internal static class WorkloadValidator
{
    public static TargetResult? Validate(string field, WorkloadRef? workload) =>
        NameRefusal(field, workload?.Name) ?? ValidateKind(field, workload?.Kind) ?? ValidateSelector(field, workload?.Selector);

    public static TargetResult? ValidateKind(string field, string? kind) =>
        kind is null || WorkloadKindParser.TryParse(kind, out _)
            ? null
            : TargetResult.Invalid(
                $"{field}.kind",
                $"{TextSanitizer.Quote(kind)} is not a kind of workload; use one of Deployment, StatefulSet, DaemonSet, CronJob, Job,"
                    + " ReplicaSet and Pod, or name the Pods with selector");

    public static TargetResult? ValidateSelector(string field, V1LabelSelector? selector) =>
        selector is { MatchLabels: null or { Count: 0 }, MatchExpressions: null or { Count: 0 } }
            ? TargetResult.Invalid($"{field}.selector", "an empty selector means every Pod of the namespace; name at least one label")
            : SelectorValidator.Validate($"{field}.selector", selector);

    public static ParsedWorkloadRef ToParsedRef(string? @namespace, WorkloadRef workload) =>
        new(@namespace ?? "", workload.Name, workload.Selector is null ? ParseKindOrNull(workload.Kind) : null, workload.Selector);

    public static WorkloadKind? ParseKindOrNull(string? kind) => WorkloadKindParser.TryParse(kind, out var parsed) ? parsed : null;

    private static TargetResult? NameRefusal(string field, string? name) => DnsNameValidator.IsSubdomain(name)
        ? null
        : TargetResult.Invalid(
            $"{field}.name",
            $"{TextSanitizer.Quote(name)} is not a workload name; use lower-case letters, digits, \"-\" and \".\"");
}
