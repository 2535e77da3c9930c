using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Observed;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Status;

/// <summary>Builds the status of a <see cref="ClientIntents"/>.</summary>
public static class ClientIntentsStatusBuilder
{
    // A thousand targets with the longest names and messages stay under the megabyte and a half that etcd takes.
    private const int MaxMessage = 256;

    /// <summary>
    /// The status of the object's present generation. A result about another generation does not count; a target without one is Pending.
    /// Targets that need no server get their result here. An unsupported target does not make the object not ready.
    /// </summary>
    /// <param name="results">The calls of this object; a target may have one of its server and one of its client.</param>
    /// <param name="now">Used where a condition's status changed.</param>
    /// <param name="observed">The calls of the client that were seen. Null if that is not known.</param>
    public static ClientIntentsStatus Build(
        ClientIntents intents, IEnumerable<IntentResult> results, DateTimeOffset now, ObservedSummary? observed = null)
    {
        var calls = results as IReadOnlyCollection<IntentResult> ?? [.. results];
        if (intents.Parse().IsRetained)
        {
            return Retained(intents, now);
        }

        var declared = intents.Parse().Targets;
        var judged = Judged(declared.Count, intents.Metadata.Generation ?? 0, calls);
        TargetResult[] decided = [.. declared.Select(target => target.Result ?? judged[target.Index] ?? TargetResult.Progressing)];
        var summary = new TargetResultSummary(decided);
        var warnings = ConditionBuilder.MergeWarnings(decided);
        return new ClientIntentsStatus
        {
            ObservedGeneration = intents.Metadata.Generation,
            EnforcedGeneration = declared.Any(target => target.Result?.Reason != Reasons.InvalidSpec) ? intents.Metadata.Generation : null,
            Enforced = summary.Enforced,
            Conditions = ConditionBuilder.Build(
                summary.ToOutcome(), intents.Metadata.Generation, intents.Status?.Conditions, now,
                observed is null ? warnings : [.. warnings, observed.ToCondition()]),
            Targets = [.. declared.Select(target => StatusOf(target, decided[target.Index]))],
            Observed = observed?.ToCounts(),
            Clients = RecordedClients.BuildStatus(intents, calls),
        };
    }

    // The targets stay those of the generation in force: after a restart they are all that is known of it.
    private static ClientIntentsStatus Retained(ClientIntents intents, DateTimeOffset now)
    {
        var enforced = intents.Status!.EnforcedGeneration;
        var problem = intents.Parse().FirstError!;
        var outcome = problem with { Message = $"{problem.Message}; generation {enforced} stays in force" };
        return new ClientIntentsStatus
        {
            ObservedGeneration = intents.Metadata.Generation,
            EnforcedGeneration = enforced,
            Enforced = $"0/{intents.Spec.Targets.Count}",
            Conditions = ConditionBuilder.Build(outcome, intents.Metadata.Generation, intents.Status.Conditions, now),
            Targets = intents.Status.Targets?.ConvertAll(target => new TargetStatus
            {
                Name = target.Name,
                Type = target.Type,
                State = TargetStateNames.Pending,
                Reason = Reasons.InvalidSpec,
                Message = $"declared by generation {enforced}, which stays in force",
                Addresses = target.Addresses,
                ObservedAddresses = target.ObservedAddresses,
            }),
            Clients = intents.Status.Clients,
        };
    }

    private static TargetResult?[] Judged(int count, long generation, IEnumerable<IntentResult> results)
    {
        var judged = new TargetResult?[count];
        foreach (var call in results)
        {
            if (call.Generation == generation && call.TargetIndex >= 0 && call.TargetIndex < count)
            {
                judged[call.TargetIndex] = TargetResult.Merge(judged[call.TargetIndex], call.Result);
            }
        }

        return judged;
    }

    private static TargetStatus StatusOf(DeclaredTarget target, TargetResult result) => new()
    {
        Name = target.Name,
        Type = target.Type,
        State = result.State,
        Reason = result.Reason,
        Message = result.Message is null ? null : TextSanitizer.Truncate(result.Message, MaxMessage),
        Addresses = result.Addresses.Count == 0 ? null : [.. result.Addresses],
        ObservedAddresses = result.ObservedAddresses.Count == 0 ? null : [.. result.ObservedAddresses],
    };
}
