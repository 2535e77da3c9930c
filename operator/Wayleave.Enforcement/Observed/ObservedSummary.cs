using Wayleave.Api;
using Wayleave.Enforcement.Status;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Observed;

/// <summary>The calls of a client that were seen, for its status.</summary>
/// <param name="Undeclared">Calls that were answered and that are not declared, in order.</param>
/// <param name="Unanswered">The number of calls without an answer, declared or not.</param>
public sealed record ObservedSummary(IReadOnlyList<string> Undeclared, int Unanswered)
{
    private const int MaxNamed = 3;
    private const int MaxMessage = 1024;

    /// <summary>Summarizes what was seen of a client. Null if its declarations are not known.</summary>
    /// <param name="observed">What was seen, once for each workload that the client is.</param>
    /// <param name="finder">Compares it with the declarations.</param>
    public static ObservedSummary? Create(IEnumerable<(ObservedIntents Seen, DeclaredCalls Declared)> observed, UndeclaredCallFinder finder)
    {
        var undeclared = new List<string>();
        var unanswered = 0;
        foreach (var (seen, declared) in observed)
        {
            if (!declared.IsKnown)
            {
                return null;
            }

            foreach (var call in UndeclaredCallFinder.Parse(seen))
            {
                if (call.IsUnanswered)
                {
                    unanswered++;
                }
                else if (finder.FindUndeclared(call, declared) is { } missing)
                {
                    undeclared.Add(missing.ToString());
                }
            }
        }

        undeclared.Sort(StringComparer.Ordinal);
        return new ObservedSummary(undeclared, unanswered);
    }

    /// <summary>The field of the status.</summary>
    internal ObservedCallCounts ToCounts() => new() { Undeclared = Undeclared.Count, Unanswered = Unanswered };

    /// <summary>The condition <see cref="ConditionTypes.UndeclaredCalls"/>.</summary>
    internal Warning ToCondition() => Undeclared.Count == 0
        ? new Warning(ConditionTypes.UndeclaredCalls, Reasons.AllCallsDeclared, "every call that was seen is declared") { Status = "False" }
        : new Warning(ConditionTypes.UndeclaredCalls, Reasons.UndeclaredCalls, Describe(Undeclared, "not declared"));

    /// <summary>How many calls there are, at most three of them, and the command that lists all.</summary>
    internal static string Describe(IReadOnlyList<string> calls, string what)
    {
        var more = calls.Count - MaxNamed;
        var rest = more > 0 ? $" and {more} more" : "";
        var count = $"{calls.Count} {(calls.Count == 1 ? "call" : "calls")}";
        return TextSanitizer.Truncate(
            $"{count} {what}: {string.Join(", ", calls.Take(MaxNamed))}{rest}; see kubectl wayleave map diff", MaxMessage);
    }
}
