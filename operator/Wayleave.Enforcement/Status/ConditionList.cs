using k8s.Models;
using Wayleave.Api;

namespace Wayleave.Enforcement.Status;

/// <summary>Conditions as kstatus reads them.</summary>
internal static class ConditionList
{
    private const string True = "True";
    private const string False = "False";

    /// <summary>
    /// <c>Ready</c>, and <c>Reconciling</c>, <c>Stalled</c> or <c>Paused</c> only while they hold. A condition whose status is what it was keeps its
    /// time, whatever its reason and message do.
    /// </summary>
    public static List<V1Condition> Of(
        Outcome outcome, long? generation, List<V1Condition>? previous, DateTimeOffset now, params ReadOnlySpan<Warning> warnings)
    {
        var conditions = new List<V1Condition>(2 + warnings.Length);
        Add(ConditionTypes.Ready, outcome.Progress == Progress.Done ? True : False, outcome.Reason, outcome.Message);
        if (TypeOf(outcome.Progress) is { } type)
        {
            Add(type, True, outcome.Reason, outcome.Message);
        }

        foreach (var warning in warnings)
        {
            Add(warning.Type, warning.Status, warning.Reason, warning.Message);
        }

        return conditions;

        void Add(string type, string status, string reason, string message) => conditions.Add(new V1Condition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message,
            ObservedGeneration = generation,
            LastTransitionTime = Since(previous, type, status) ?? WholeSeconds(now),
        });
    }

    private static string? TypeOf(Progress progress) => progress switch
    {
        Progress.Awaiting => ConditionTypes.Reconciling,
        Progress.Stalled => ConditionTypes.Stalled,
        Progress.Paused => ConditionTypes.Paused,
        _ => null,
    };

    // A condition of another writer may lack its time.
    private static DateTime? Since(List<V1Condition>? previous, string type, string status) =>
        previous?.Find(condition => condition.Type == type && condition.Status == status && condition.LastTransitionTime != default)?.LastTransitionTime;

    // The API's times have no fractions; a time that is read back has to be the one that was written.
    private static DateTime WholeSeconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds()).UtcDateTime;
}
