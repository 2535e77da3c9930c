using Wayleave.Api;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Targets;

/// <summary>What a workload's name and kind have to be like, where the schema has been got around.</summary>
internal static class WorkloadRules
{
    public static Verdict? Refusal(string field, string? name, string? kind)
    {
        if (!DnsNames.IsSubdomain(name))
        {
            return Verdict.Failed(Reasons.InvalidSpec, $"{field}.name: {QuotedText.Quote(name)} cannot be a workload's name (correct it)");
        }

        return KindRefusal(field, kind);
    }

    public static Verdict? KindRefusal(string field, string? kind) =>
        kind is null || WorkloadKindNames.TryParse(kind, out _)
            ? null
            : Verdict.Failed(
                Reasons.InvalidSpec,
                $"{field}.kind: {QuotedText.Quote(kind)} is not a kind of workload (correct it, or leave it out)");

    public static WorkloadReference Reference(string? @namespace, string name, string? kind) => new(@namespace ?? "", name, Kind(kind));

    public static WorkloadKind? Kind(string? kind) => WorkloadKindNames.TryParse(kind, out var parsed) ? parsed : null;
}
