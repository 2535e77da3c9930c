using System.Text.Json;
using Wayleave.Api;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Status;

/// <summary>Builds the status of an <see cref="EnforcementPolicy"/>.</summary>
public static class EnforcementPolicyStatusBuilder
{
    private const int MaxNamed = 3;

    /// <summary>The status of the object's present generation.</summary>
    /// <param name="governing">The policy as it was read; null when it cannot govern.</param>
    /// <param name="census">What it governs; null when it cannot.</param>
    /// <param name="now">Used where a condition's status changed.</param>
    public static EnforcementPolicyStatus Summarize(
        EnforcementPolicy policy, ParsedEnforcementPolicy? governing, PolicyCoverage? census, DateTimeOffset now,
        bool supportsPortRanges = true, Warning? readiness = null)
    {
        var refusal = EnforcementPolicyParser.Validate(policy);
        var generation = policy.Metadata.Generation;
        var enforced = refusal is null ? generation : governing is null ? null : policy.Status?.EnforcedGeneration;
        var kept = enforced is null || enforced == generation
            ? ""
            : $"; generation {enforced} stays in force";
        var outcome = refusal is null
            ? OutcomeOf(
                census ?? new PolicyCoverage(0, 0, []), supportsPortRanges ? null : EnforcementPolicyParser.ValidatePortRanges(policy))
            : refusal with { Message = $"{refusal.Message}{kept}" };
        return new EnforcementPolicyStatus
        {
            ObservedGeneration = generation,
            EnforcedGeneration = enforced,
            EnforcedSpec = refusal is not null && governing?.Spec is { } spec
                ? JsonSerializer.Serialize(spec, ApiJson.Default.EnforcementPolicySpec)
                : null,
            Namespaces = census?.Namespaces ?? 0,
            Workloads = census?.Workloads ?? 0,
            Overridden = census?.Overridden.Count ?? 0,
            Conditions = ConditionBuilder.Build(
                outcome, policy.Metadata.Generation, policy.Status?.Conditions, now,
                readiness is { } known ? [.. Warnings(governing, census), known] : Warnings(governing, census)),
        };
    }

    /// <summary>The spec that governs while the present one is invalid, as the status has it; null when it has none.</summary>
    public static EnforcementPolicySpec? ReadEnforcedSpec(EnforcementPolicy policy)
    {
        try
        {
            return policy.Status?.EnforcedSpec is { } text ? JsonSerializer.Deserialize(text, ApiJson.Default.EnforcementPolicySpec) : null;
        }
        catch (JsonException)
        {
            // Another writer edited the status. Treat it as missing.
            return null;
        }
    }

    private static TargetResult OutcomeOf(PolicyCoverage census, TargetResult? unstorable)
    {
        var text = $"governs {Count(census.Namespaces, "namespace")}";
        var (reason, message) = census switch
        {
            { Namespaces: 0, Overridden.Count: 0 } =>
                (Reasons.NoNamespaceSelected, "no namespace has the labels of spec.namespaceSelector; label one, or correct the selector"),
            { Namespaces: 0 } => (Reasons.Overridden, $"{text}; another policy governs each selected namespace"),
            _ when unstorable is { } left => (Reasons.PartiallyEnforced, $"{text}; {left.Message}"),
            _ => (Reasons.Active, text),
        };
        return new TargetResult(TargetStateNames.Enforced, reason, message);
    }

    private static Warning[] Warnings(ParsedEnforcementPolicy? policy, PolicyCoverage? census)
    {
        if (policy is null || census is null || census.Overridden.Count == 0)
        {
            return [];
        }

        var named = census.Overridden.Take(MaxNamed).Select(entry => $"{entry.Namespace}: {Why(policy, entry.Governor)}");
        var more = census.Overridden.Count - MaxNamed;
        var rest = more > 0 ? $"; and {Count(more, "more namespace")}" : "";
        return [new Warning(ConditionTypes.Overridden, Reasons.Overridden, $"{string.Join("; ", named)}{rest}")];
    }

    private static string Why(ParsedEnforcementPolicy policy, ParsedEnforcementPolicy governor)
    {
        var name = TextSanitizer.Quote(governor.Name);
        if (governor.Priority != policy.Priority)
        {
            return $"{name} governs it (spec.priority {governor.Priority} over {policy.Priority})";
        }

        return governor.Created != policy.Created
            ? $"{name} governs it (the same spec.priority, and older)"
            : $"{name} governs it (the same spec.priority and age, and its name comes first)";
    }

    private static string Count(int number, string what) =>
        $"{number} {what}{(number == 1 ? "" : "s")}";
}
