using System.Collections.Immutable;

namespace Wayleave.Telemetry.Catalog;

/// <summary>
/// A kind of object that is counted when it is applied and deleted. Instances exist only in <see cref="CountedKindCatalog"/>.
/// </summary>
public sealed class CountedKind
{
    internal CountedKind(string name, UsageEvent? deleted, params ImmutableArray<UsageEvent> applied) =>
        (Name, Deleted, Applied) = (name, deleted, applied);

    /// <summary>
    /// Whether objects count that are there when the kind is counted for the first time: those of a feature that was turned on later than
    /// telemetry.
    /// </summary>
    public bool CountsExisting { get; init; }

    /// <summary>Plural and lower case, as in the ledger's keys.</summary>
    public string Name { get; }

    /// <summary>
    /// The events that are counted when objects are applied. The first is the total; the others are parts of it, or count the objects.
    /// </summary>
    public ImmutableArray<UsageEvent> Applied { get; }

    /// <summary>
    /// The event that is counted when an applied object is deleted, by the current value of the first event of <see cref="Applied"/>. Null
    /// if deletions are not counted.
    /// </summary>
    public UsageEvent? Deleted { get; }

    public override string ToString() => Name;
}

/// <summary>Every kind of object that is counted, with its events.</summary>
public static class CountedKindCatalog
{
    public static CountedKind Intents { get; } = new(
        "clientintents", UsageCatalog.IntentsDeleted, UsageCatalog.IntentsApplied, UsageCatalog.IntentsAppliedKafka,
        UsageCatalog.IntentsAppliedHttp, UsageCatalog.IntentsAppliedDatabase, UsageCatalog.IntentsAppliedInternet);

    public static CountedKind ProtectedServices { get; } =
        new("protectedservices", UsageCatalog.ProtectedServiceDeleted, UsageCatalog.ProtectedServiceApplied);

    public static CountedKind EnforcementPolicies { get; } =
        new("enforcementpolicies", UsageCatalog.PoliciesDeleted, UsageCatalog.PoliciesApplied);

    public static CountedKind KafkaServerConfigs { get; } =
        new("kafkaserverconfigs", UsageCatalog.KafkaServerConfigDeleted, UsageCatalog.KafkaServerConfigApplied);

    public static CountedKind NetworkPolicies { get; } =
        new("networkpolicies", UsageCatalog.NetworkPoliciesDeleted, UsageCatalog.NetworkPoliciesCreated);

    public static CountedKind Clusters { get; } =
        new("clusters", UsageCatalog.ClustersDeleted, UsageCatalog.ClustersApplied, UsageCatalog.ClusterCredentialsRotated);

    /// <summary>The map of the network mapper, one object for each workload that was seen as a caller.</summary>
    public static CountedKind ObservedIntents { get; } = new(
        "observedintents", null, UsageCatalog.IntentsDiscovered, UsageCatalog.IntentsDiscoveredTcp,
        UsageCatalog.IntentsDiscoveredSocketScan, UsageCatalog.IntentsDiscoveredCapture, UsageCatalog.ServiceDiscovered)
    {
        CountsExisting = true,
    };

    /// <summary>The namespaces of <see cref="ObservedIntents"/>.</summary>
    public static CountedKind ObservedNamespaces { get; } =
        new("observednamespaces", null, UsageCatalog.NamespaceDiscovered) { CountsExisting = true };

    public static ImmutableArray<CountedKind> All { get; } =
    [
        Intents, ProtectedServices, EnforcementPolicies, KafkaServerConfigs, NetworkPolicies, Clusters, ObservedIntents, ObservedNamespaces,
    ];
}
