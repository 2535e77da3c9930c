using System.Collections.Immutable;

namespace Wayleave.Telemetry.Catalogue;

/// <summary>Every kind of object that is counted, with its events.</summary>
public static class CountedKinds
{
    public static CountedKind Intents { get; } = new(
        "clientintents",
        UsageCatalogue.IntentsDeleted,
        UsageCatalogue.IntentsApplied,
        UsageCatalogue.IntentsAppliedKafka,
        UsageCatalogue.IntentsAppliedHttp,
        UsageCatalogue.IntentsAppliedDatabase,
        UsageCatalogue.IntentsAppliedInternet);

    public static CountedKind ProtectedServices { get; } =
        new("protectedservices", UsageCatalogue.ProtectedServiceDeleted, UsageCatalogue.ProtectedServiceApplied);

    public static CountedKind EnforcementPolicies { get; } =
        new("enforcementpolicies", UsageCatalogue.PoliciesDeleted, UsageCatalogue.PoliciesApplied);

    public static CountedKind KafkaServerConfigs { get; } =
        new("kafkaserverconfigs", UsageCatalogue.KafkaServerConfigDeleted, UsageCatalogue.KafkaServerConfigApplied);

    public static CountedKind NetworkPolicies { get; } =
        new("networkpolicies", UsageCatalogue.NetworkPoliciesDeleted, UsageCatalogue.NetworkPoliciesCreated);

    public static CountedKind Clusters { get; } =
        new("clusters", UsageCatalogue.ClustersDeleted, UsageCatalogue.ClustersApplied, UsageCatalogue.ClusterCredentialsRotated);

    public static ImmutableArray<CountedKind> All { get; } =
        [Intents, ProtectedServices, EnforcementPolicies, KafkaServerConfigs, NetworkPolicies, Clusters];
}
