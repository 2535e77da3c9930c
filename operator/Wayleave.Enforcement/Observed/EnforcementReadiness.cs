using System.Globalization;
using Wayleave.Api;
using Wayleave.Enforcement.Status;

namespace Wayleave.Enforcement.Observed;

/// <summary>What was seen in the namespaces of an EnforcementPolicy in mode Shadow.</summary>
/// <param name="Since">The time from which calls from or to these namespaces were observed. Null if none was seen.</param>
/// <param name="CutCalls">The calls that mode Enforce would cut, in any order.</param>
public sealed record ReadinessEvidence(DateTimeOffset? Since, IReadOnlyList<string> CutCalls);

/// <summary>Decides whether an EnforcementPolicy is ready for mode Enforce. Pure.</summary>
public static class EnforcementReadiness
{
    /// <summary>How long calls are observed before a policy is ready, so that calls that are made once a week are seen.</summary>
    public static readonly TimeSpan ObservationTime = TimeSpan.FromDays(7);

    /// <summary>The condition <see cref="ConditionTypes.ReadyToEnforce"/>.</summary>
    public static Warning Decide(ReadinessEvidence evidence, DateTimeOffset now)
    {
        if (evidence.Since is not { } since)
        {
            return Condition(
                "Unknown", Reasons.NoObservations,
                "the network mapper has seen no call from or to the namespaces of this policy; see kubectl wayleave map list");
        }

        if (evidence.CutCalls.Count > 0)
        {
            var calls = evidence.CutCalls.Order(StringComparer.Ordinal).ToList();
            return Condition("False", Reasons.UndeclaredCalls, ObservedSummary.Describe(calls, "would be cut"));
        }

        return now - since < ObservationTime
            ? Condition(
                "False", Reasons.TooFewDays,
                $"no call that was seen would be cut, but calls are observed only since {Day(since)};"
                    + $" wait until {Day(since + ObservationTime)}")
            : Condition("True", Reasons.ReadyToEnforce, "no call that was seen would be cut");
    }

    private static Warning Condition(string status, string reason, string message) =>
        new(ConditionTypes.ReadyToEnforce, reason, message) { Status = status };

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
