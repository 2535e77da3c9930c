using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Status;

/// <summary>Turns the verdicts of many servers into the status of the object that names them.</summary>
public static class IntentsSummary
{
    // A thousand targets with the longest names and messages stay under the megabyte and a half that etcd takes.
    private const int MaxMessage = 256;

    /// <summary>
    /// The status of the object's present generation. A verdict about another generation does not count; a target without one is Pending.
    /// What does not need a server is judged here. A target that is not supported keeps nothing else from being ready.
    /// </summary>
    /// <param name="verdicts">The calls of this object; a target may have one of its server and one of its client.</param>
    /// <param name="now">Used where a condition's status changed.</param>
    public static ClientIntentsStatus Summarize(ClientIntents intents, IEnumerable<CallVerdict> verdicts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(intents);
        ArgumentNullException.ThrowIfNull(verdicts);
        var declared = DeclaredTargets.Read(intents);
        var judged = Judged(declared.Count, intents.Metadata.Generation ?? 0, verdicts);
        var tally = new TargetTally(declared.Count);
        var targets = new List<TargetStatus>(declared.Count);
        var overlaps = new OverlapWarning();
        foreach (var target in declared)
        {
            var verdict = target.Verdict ?? judged[target.Index] ?? Verdict.Progressing;
            tally.Add(verdict);
            overlaps.Add(verdict);
            targets.Add(StatusOf(target, verdict));
        }

        return new ClientIntentsStatus
        {
            ObservedGeneration = intents.Metadata.Generation,
            Enforced = tally.Enforced,
            Conditions = ConditionList.Of(tally.ToOutcome(), intents.Metadata.Generation, intents.Status?.Conditions, now, overlaps.ToWarnings()),
            Targets = targets,
        };
    }

    private static Verdict?[] Judged(int count, long generation, IEnumerable<CallVerdict> verdicts)
    {
        var judged = new Verdict?[count];
        foreach (var call in verdicts)
        {
            if (call.Generation == generation && call.TargetIndex >= 0 && call.TargetIndex < count)
            {
                judged[call.TargetIndex] = VerdictRank.Join(judged[call.TargetIndex], call.Verdict);
            }
        }

        return judged;
    }

    private static TargetStatus StatusOf(DeclaredTarget target, Verdict verdict) => new()
    {
        Name = target.Name,
        Type = target.Type,
        State = verdict.State,
        Reason = verdict.Reason,
        Message = verdict.Message is null ? null : QuotedText.Bound(verdict.Message, MaxMessage),
        Addresses = verdict.Addresses.Count == 0 ? null : [.. verdict.Addresses],
    };
}
