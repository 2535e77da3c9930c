using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Status;

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
            type.Key, type.First().Reason, SanitizedText.Bound(string.Join("; ", type.Select(warning => warning.Message)), MaxMessage)))
        .ToArray();

    private static readonly Comparer<(string Type, string Reason, string Message)> _order = Comparer<(string Type, string Reason, string Message)>.Create(
        static (left, right) =>
        {
            var byType = string.CompareOrdinal(left.Type, right.Type);
            var byReason = byType != 0 ? byType : string.CompareOrdinal(left.Reason, right.Reason);
            return byReason != 0 ? byReason : string.CompareOrdinal(left.Message, right.Message);
        });
}
