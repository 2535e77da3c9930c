using System.Collections.Immutable;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Operator.Telemetry;

/// <summary>
/// Reads the counts of an object from its status. Pure. Objects applied before telemetry was on count as current, but not as applied.
/// </summary>
internal static class ObjectUsageReader
{
    private static ObjectUsage AppliedBeforeTelemetry { get; } = new([], [1]);

    public static ObjectUsage Read(ClientIntents intents) => intents.Status?.Telemetry switch
    {
        { } telemetry => new ObjectUsage(Numbers(telemetry.Applied), Numbers(telemetry.Current)),
        null when TelemetryMarkCalculator.WasApplied(intents) => new ObjectUsage([], Numbers(IntentTallyCalculator.Count(intents))),
        null => ObjectUsage.None,
    };

    public static ObjectUsage Read(ProtectedService service) => Read(service.Status?.Telemetry, service.Status?.Conditions);

    public static ObjectUsage Read(EnforcementPolicy policy) => Read(policy.Status?.Telemetry, policy.Status?.Conditions);

    public static ObjectUsage Read(KafkaServerConfig config) => Read(config.Status?.Telemetry, config.Status?.Conditions);

    /// <summary>A cluster, and how many times its credentials were rotated.</summary>
    public static ObjectUsage Read(Cluster cluster) => cluster.Status?.Telemetry is { } telemetry
        ? new ObjectUsage([1, Math.Max(0, telemetry.Rotations)], [1])
        : TelemetryMarkCalculator.IsReady(cluster.Status?.Conditions) ? AppliedBeforeTelemetry : ObjectUsage.None;

    /// <summary>The calls that the network mapper discovered, and the object itself, which stands for a caller.</summary>
    public static ObjectUsage Read(ObservedIntents observed) => observed.Telemetry is { } tally
        ? new ObjectUsage([Number(tally.Intents), Number(tally.Tcp), Number(tally.SocketScan), Number(tally.Dns), 1], [0, 0, 0, 0, 1])
        : ObjectUsage.None;

    /// <summary>A namespace is counted while it has an object of the map that telemetry counts.</summary>
    public static ObjectUsage ReadNamespace(ObservedIntents observed) =>
        observed.Telemetry is null ? ObjectUsage.None : ObjectUsage.Once;

    /// <summary>A policy of this installation is counted for being there; of any other there is nothing to count.</summary>
    public static ObjectUsage Read(V1NetworkPolicy policy, PolicyOwner owner) =>
        owner.MayUpdate(policy) ? ObjectUsage.Once : ObjectUsage.None;

    private static ObjectUsage Read(TelemetryMark? mark, List<V1Condition>? conditions)
    {
        var before = TelemetryMarkCalculator.IsReady(conditions) ? AppliedBeforeTelemetry : ObjectUsage.None;
        return mark is null ? before : ObjectUsage.Once;
    }

    // In the order of CountedKindCatalog.Intents. Negative numbers, which a user may have written into a status, are ignored.
    private static ImmutableArray<long> Numbers(IntentTally tally) =>
        [Number(tally.Intents), Number(tally.Kafka), Number(tally.Http), Number(tally.Database), Number(tally.Internet)];

    private static long Number(long? count) => Math.Max(0, count ?? 0);
}
