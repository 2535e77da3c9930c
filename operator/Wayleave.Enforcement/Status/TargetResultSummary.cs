using System.Globalization;
using System.Text;
using Wayleave.Api;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Status;

/// <summary>Adds up the results of an object's targets. Not thread-safe.</summary>
internal sealed class TargetResultSummary(int total)
{
    private const int MaxProblems = 3;
    private const int MaxMessage = 1024;

    private static readonly string[] _others =
        [TargetStates.Failed, TargetStates.Pending, TargetStates.Shadow, TargetStates.Disabled, TargetStates.NotSupported];

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<TargetResult> _failures = [];
    private readonly List<TargetResult> _awaited = [];

    // They wait for the client itself, which may be deployed only after this object is ready.
    private readonly List<TargetResult> _unseen = [];
    private TargetResult? _first;

    // Egress counts only where its restriction was requested.
    private bool _isPartial;

    /// <summary>The enforced part, e.g. <c>3/4</c>.</summary>
    public string Enforced => $"{Count(TargetStates.Enforced)}/{total}";

    public void Add(TargetResult result)
    {
        _first ??= result;
        _isPartial |= result.State == TargetStates.NotSupported
            || result.Reason == Reasons.HttpPathsNotEnforced
            || (result.State == TargetStates.Disabled && result.Reason != Reasons.EgressNotRestricted);
        _counts[result.State] = Count(result.State) + 1;
        var problems = result.State == TargetStates.Failed ? _failures
            : result.State != TargetStates.Pending ? null
            : result.Reason == Reasons.NoAnswerSeen ? _unseen
            : _awaited;

        // A result about the whole object is repeated on each target. Add its message once.
        if (problems is not null && (problems.Count == 0 || problems[^1].Message != result.Message))
        {
            problems.Add(result);
        }
    }

    public Outcome ToOutcome()
    {
        var message = TextSanitizer.Truncate(Message(), MaxMessage);
        if (_failures.Count > 0)
        {
            return new Outcome(Progress.Stalled, _failures[0].Reason, message);
        }

        if (_awaited.Count > 0)
        {
            return new Outcome(Progress.Reconciling, _awaited[0].Reason, message);
        }

        var isPartial = _isPartial
            || (Count(TargetStates.Enforced) > 0 && (Count(TargetStates.Shadow) > 0 || _unseen.Count > 0));
        var reason = isPartial ? Reasons.PartiallyEnforced : Count(TargetStates.Enforced) > 0
            || _first is null ? Reasons.Enforced : _first.Reason;
        return new Outcome(Progress.Ready, reason, message);
    }

    private string Message()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Count(TargetStates.Enforced)} of {total} targets enforced");
        foreach (var state in _others)
        {
            if (Count(state) > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $", {Count(state)} {Words(state)}");
            }
        }

        var problems = _failures.Concat(_awaited).Concat(_unseen).Where(result => result.Message is not null).ToList();
        foreach (var problem in problems.Take(MaxProblems))
        {
            text.Append("; ").Append(problem.Message);
        }

        return problems.Count > MaxProblems
            ? text.Append(CultureInfo.InvariantCulture, $"; and {problems.Count - MaxProblems} more").ToString()
            : text.ToString();
    }

    private int Count(string state) => _counts.GetValueOrDefault(state);

    private static string Words(string state) => state switch
    {
        TargetStates.Failed => "failed",
        TargetStates.Pending => "pending",
        TargetStates.Shadow => "in shadow",
        TargetStates.Disabled => "disabled",
        _ => "not supported",
    };
}

/// <summary>Merges the server's result and the client's result of a target.</summary>
internal static class TargetResultMerger
{
    // Failed wins over Pending. Otherwise one enforced side is enough.
    private static readonly string[] _order =
        [TargetStates.Failed, TargetStates.Pending, TargetStates.Enforced, TargetStates.Shadow,
        TargetStates.Disabled, TargetStates.NotSupported];

    /// <summary>The result with the higher priority, or the first of equals, with the warnings of both.</summary>
    public static TargetResult Merge(TargetResult? first, TargetResult second)
    {
        if (first is null)
        {
            return second;
        }

        var (said, other) = RankOf(second) < RankOf(first) ? (second, first) : (first, second);
        return said.With(other.Warnings);
    }

    private static int RankOf(TargetResult result) => Array.IndexOf(_order, result.State);
}
