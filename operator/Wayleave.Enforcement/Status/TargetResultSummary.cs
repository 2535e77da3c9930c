using Wayleave.Api;

namespace Wayleave.Enforcement.Status;

/// <summary>Adds up the results of an object's targets.</summary>
internal sealed class TargetResultSummary(IReadOnlyCollection<TargetResult> results)
{
    private const int MaxProblems = 3;

    private static readonly (string State, string Words)[] _others =
    [
        (TargetStateNames.Failed, "failed"), (TargetStateNames.Pending, "pending"), (TargetStateNames.Shadow, "in shadow"),
        (TargetStateNames.Disabled, "disabled"), (TargetStateNames.NotSupported, "not supported"),
    ];

    /// <summary>The enforced part, e.g. <c>3/4</c>.</summary>
    public string Enforced => $"{Count(TargetStateNames.Enforced)}/{results.Count}";

    /// <summary>The result for the whole object.</summary>
    public TargetResult ToOutcome()
    {
        var failed = FindProblems(result => result.State == TargetStateNames.Failed);
        var awaited = FindProblems(result => result is { State: TargetStateNames.Pending, Reason: not Reasons.NoAnswerSeen });

        // They wait for the client itself, which may be deployed only after this object is ready.
        var unseen = FindProblems(result => result is { State: TargetStateNames.Pending, Reason: Reasons.NoAnswerSeen });
        var message = Describe([.. failed, .. awaited, .. unseen]);
        if (failed.Count > 0)
        {
            return TargetResult.Failed(failed[0].Reason, message);
        }

        if (awaited.Count > 0)
        {
            return TargetResult.Pending(awaited[0].Reason, message);
        }

        var isEnforced = Count(TargetStateNames.Enforced) > 0;
        var isPartial = results.Any(IsPartial) || (isEnforced && (Count(TargetStateNames.Shadow) > 0 || unseen.Count > 0));
        var reason = isPartial ? Reasons.PartiallyEnforced : isEnforced ? Reasons.Enforced : results.FirstOrDefault()?.Reason;
        return new TargetResult(TargetStateNames.Enforced, reason ?? Reasons.Enforced, message);
    }

    // Egress counts only where its restriction was requested.
    private static bool IsPartial(TargetResult result) => result is { State: TargetStateNames.NotSupported }
        or { Reason: Reasons.HttpPathsNotEnforced }
        or { State: TargetStateNames.Disabled, Reason: not Reasons.EgressNotRestricted };

    // A result about the whole object is repeated on each target. Add its message once.
    private List<TargetResult> FindProblems(Func<TargetResult, bool> isMeant)
    {
        var problems = new List<TargetResult>();
        foreach (var result in results.Where(isMeant))
        {
            if (problems.Count == 0 || problems[^1].Message != result.Message)
            {
                problems.Add(result);
            }
        }

        return problems;
    }

    private string Describe(IEnumerable<TargetResult> problems)
    {
        var messages = problems.Select(problem => problem.Message).OfType<string>().ToList();
        var counts = _others.Where(other => Count(other.State) > 0).Select(other => $", {Count(other.State)} {other.Words}");
        var named = messages.Take(MaxProblems).Select(message => $"; {message}");
        var rest = messages.Count > MaxProblems ? $"; and {messages.Count - MaxProblems} more" : "";
        return $"{Count(TargetStateNames.Enforced)} of {results.Count} targets enforced{string.Concat(counts)}{string.Concat(named)}{rest}";
    }

    private int Count(string state) => results.Count(result => result.State == state);
}
