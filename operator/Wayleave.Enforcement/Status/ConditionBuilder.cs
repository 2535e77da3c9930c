using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Status;

/// <summary>Conditions as kstatus reads them.</summary>
internal static class ConditionBuilder
{
    private const int MaxMessage = 1024;
    private const string True = "True";
    private const string False = "False";

    /// <summary>
    /// <c>Ready</c>, and <c>Reconciling</c>, <c>Stalled</c> or <c>Paused</c> only while they hold. A condition whose status is what it was
    /// keeps its time, whatever its reason and message do.
    /// </summary>
    /// <param name="outcome">The result for the whole object.</param>
    public static List<V1Condition> Build(
        TargetResult outcome, long? generation, List<V1Condition>? previous, DateTimeOffset now, params ReadOnlySpan<Warning> warnings)
    {
        var conditions = new List<V1Condition>(2 + warnings.Length);
        var type = TypeOf(outcome);
        Add(ConditionTypes.Ready, type is null ? True : False, outcome.Reason, outcome.Message);
        if (type is not null)
        {
            Add(type, True, outcome.Reason, outcome.Message);
        }

        foreach (var warning in warnings)
        {
            Add(warning.Type, warning.Status, warning.Reason, warning.Message);
        }

        return conditions;

        void Add(string type, string status, string reason, string? message) => conditions.Add(new V1Condition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = TextSanitizer.Truncate(message ?? "", MaxMessage),
            ObservedGeneration = generation,
            LastTransitionTime = Since(previous, type, status) ?? WholeSeconds(now),
        });
    }

    /// <summary>One warning for each type, in a fixed order, with the messages of all and the reason of the first.</summary>
    public static Warning[] MergeWarnings(IEnumerable<TargetResult> results) => results
        .SelectMany(result => result.Warnings)
        .Distinct()
        .OrderBy(warning => warning.Type, StringComparer.Ordinal)
        .ThenBy(warning => warning.Reason, StringComparer.Ordinal)
        .ThenBy(warning => warning.Message, StringComparer.Ordinal)
        .GroupBy(warning => warning.Type, StringComparer.Ordinal)
        .Select(type => new Warning(type.Key, type.First().Reason, string.Join("; ", type.Select(warning => warning.Message))))
        .ToArray();

    // The condition besides Ready; null if the object is ready. What was stopped on purpose is neither reconciling nor stalled.
    private static string? TypeOf(TargetResult outcome) => outcome switch
    {
        { State: TargetStateNames.Failed, Reason: Reasons.Paused } => ConditionTypes.Paused,
        { State: TargetStateNames.Failed } => ConditionTypes.Stalled,
        { State: TargetStateNames.Pending } => ConditionTypes.Reconciling,
        _ => null,
    };

    // A condition of another writer may lack its time.
    private static DateTime? Since(List<V1Condition>? previous, string type, string status) =>
        previous?.Find(condition =>
            condition.Type == type && condition.Status == status && condition.LastTransitionTime != default)?.LastTransitionTime;

    // The API's times have no fractions; a time that is read back has to be the one that was written.
    private static DateTime WholeSeconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds()).UtcDateTime;
}

/// <summary>A condition besides Ready that does not affect readiness.</summary>
/// <param name="Type">One of <see cref="ConditionTypes"/>.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Message">The error, the field and the fix.</param>
public readonly record struct Warning(string Type, string Reason, string Message)
{
    /// <summary>The condition's status. By default <c>True</c>, and <c>False</c> for a condition that is good when it holds.</summary>
    public string Status { get; init; } = Type == ConditionTypes.ExternalTraffic ? "False" : "True";
}
