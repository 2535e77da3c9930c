using Wayleave.Api;

namespace Wayleave.Operator.Telemetry;

/// <summary>Counts targets. Pure.</summary>
internal static class IntentTallyCalculator
{
    public static IntentTally Of(ClientIntents intents)
    {
        var targets = intents.Spec.Targets;
        return new IntentTally
        {
            Intents = targets.Count,
            Kafka = Some(targets.Count(target => target?.Kafka is not null)),
            Http = Some(targets.Count(target => target?.Kubernetes?.Http is { Count: > 0 })),
            Database = Some(targets.Count(target => target?.Sql is not null)),
            Internet = Some(targets.Count(target => target?.Internet is not null)),
        };
    }

    public static IntentTally Sum(IntentTally? left, IntentTally right) => new()
    {
        Intents = (left?.Intents ?? 0) + right.Intents,
        Kafka = Some((left?.Kafka ?? 0) + (right.Kafka ?? 0)),
        Http = Some((left?.Http ?? 0) + (right.Http ?? 0)),
        Database = Some((left?.Database ?? 0) + (right.Database ?? 0)),
        Internet = Some((left?.Internet ?? 0) + (right.Internet ?? 0)),
    };

    private static long? Some(long count) => count == 0 ? null : count;
}
