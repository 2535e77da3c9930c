using System.Collections.Immutable;

namespace Wayleave.Telemetry.Catalog;

/// <summary>Every kind of object that is counted, with its events.</summary>
public static class CountedKindCatalog
{
    public static CountedKind Intents { get; } = new(
        "clientintents",
        UsageCatalog.IntentsDeleted,
        UsageCatalog.IntentsApplied,
        UsageCatalog.IntentsAppliedKafka,
        UsageCatalog.IntentsAppliedHttp,
        UsageCatalog.IntentsAppliedDatabase,
        UsageCatalog.IntentsAppliedInternet);

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

    public static ImmutableArray<CountedKind> All { get; } =
        [Intents, ProtectedServices, EnforcementPolicies, KafkaServerConfigs, NetworkPolicies, Clusters];
}
