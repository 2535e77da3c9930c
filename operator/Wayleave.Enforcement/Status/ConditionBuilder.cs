using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Status;

/// <summary>Conditions as kstatus reads them.</summary>
internal static class ConditionBuilder
{
    private const string True = "True";
    private const string False = "False";

    /// <summary>
    /// <c>Ready</c>, and <c>Reconciling</c>, <c>Stalled</c> or <c>Paused</c> only while they hold. A condition whose status is what it was
    /// keeps its time, whatever its reason and message do.
    /// </summary>
    public static List<V1Condition> Build(
        Outcome outcome, long? generation, List<V1Condition>? previous, DateTimeOffset now, params ReadOnlySpan<Warning> warnings)
    {
        var conditions = new List<V1Condition>(2 + warnings.Length);
        Add(ConditionTypes.Ready, outcome.Progress == Progress.Ready ? True : False, outcome.Reason, outcome.Message);
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
        Progress.Reconciling => ConditionTypes.Reconciling,
        Progress.Stalled => ConditionTypes.Stalled,
        Progress.Paused => ConditionTypes.Paused,
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

/// <summary>The content of the Ready condition.</summary>
internal readonly record struct Outcome(Progress Progress, string Reason, string Message);

/// <summary>The readiness of an object.</summary>
internal enum Progress
{
    Ready,

    /// <summary>It may change without the user.</summary>
    Reconciling,

    /// <summary>Stopped on purpose: not ready, and neither reconciling nor stalled.</summary>
    Paused,

    /// <summary>The user has to change something. It takes precedence over Reconciling, so that tools stop waiting.</summary>
    Stalled,
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

/// <summary>Collects the warnings of an object's targets: one condition for each type. Not thread-safe.</summary>
internal sealed class WarningSet
{
    private const int MaxMessage = 1024;

    private SortedSet<(string Type, string Reason, string Message)>? _warnings;

    public void Add(TargetResult result)
    {
        foreach (var warning in result.Warnings)
        {
            (_warnings ??= new(_order)).Add((warning.Type, warning.Reason, warning.Message));
        }
    }

    /// <summary>One for each type, with the messages of all and the reason of the first.</summary>
    public Warning[] ToWarnings() => (_warnings ?? [])
        .GroupBy(warning => warning.Type, StringComparer.Ordinal)
        .Select(type => new Warning(
            type.Key, type.First().Reason, TextSanitizer.Truncate(string.Join("; ", type.Select(warning => warning.Message)), MaxMessage)))
        .ToArray();

    private static readonly Comparer<(string Type, string Reason, string Message)> _order =
        Comparer<(string Type, string Reason, string Message)>.Create(
        static (left, right) =>
        {
            var byType = string.CompareOrdinal(left.Type, right.Type);
            var byReason = byType != 0 ? byType : string.CompareOrdinal(left.Reason, right.Reason);
            return byReason != 0 ? byReason : string.CompareOrdinal(left.Message, right.Message);
        });
}
