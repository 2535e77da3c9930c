using System.Globalization;
using System.Text.Json;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Status;

/// <summary>Turns a verdict into the status of a <see cref="ProtectedService"/>.</summary>
public static class ProtectionSummary
{
    private const int MaxMessage = 1024;

    /// <summary>The status of the object's present generation. A verdict about another generation does not count.</summary>
    /// <param name="verdicts">One of each cluster that it is meant for.</param>
    /// <param name="now">Used where a condition's status changed.</param>
    public static ProtectedServiceStatus Summarize(ProtectedService protection, IEnumerable<ProtectionVerdict> verdicts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(protection);
        ArgumentNullException.ThrowIfNull(verdicts);
        var generation = protection.Metadata.Generation;
        var current = verdicts.Where(verdict => verdict.Generation == (generation ?? 0))
            .Aggregate(default(Verdict), (joined, verdict) => VerdictRank.Join(joined, verdict.Verdict));
        var verdictNow = DeclaredProtection.Refusal(protection) ?? current ?? Verdict.Progressing;
        var warnings = new WarningSet();
        warnings.Add(verdictNow);
        var isRetained = DeclaredProtection.IsRetained(protection);
        var enforced = isRetained ? protection.Status!.EnforcedGeneration : DeclaredProtection.Refusal(protection) is null ? generation : null;
        if (isRetained)
        {
            verdictNow = verdictNow with { Message = string.Create(CultureInfo.InvariantCulture, $"{verdictNow.Message}; generation {enforced} stays in force") };
        }

        return new ProtectedServiceStatus
        {
            ObservedGeneration = generation,
            EnforcedGeneration = enforced,
            EnforcedSpec = DeclaredProtection.InForce(protection) is { } spec ? JsonSerializer.Serialize(spec, ApiJson.Default.ProtectedServiceSpec) : null,
            Conditions = ConditionList.Of(OutcomeOf(verdictNow), generation, protection.Status?.Conditions, now, warnings.ToWarnings()),
        };
    }

    private static Outcome OutcomeOf(Verdict verdict)
    {
        var progress = verdict.State switch
        {
            TargetStates.Failed => Progress.Stalled,
            TargetStates.Pending => Progress.Awaiting,
            _ => Progress.Done,
        };
        return new Outcome(progress, verdict.Reason, QuotedText.Bound(verdict.Message ?? Words(verdict.State), MaxMessage));
    }

    private static string Words(string state) => state switch
    {
        TargetStates.Enforced => "only declared clients may call",
        TargetStates.Disabled => "nothing is enforced in this namespace, so anyone may call",
        _ => "not decided yet",
    };
}
