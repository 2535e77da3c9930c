using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Wayleave.Telemetry.Catalog;

/// <summary>
/// The table of all telemetry events, and the only place where one is defined. An event that can be
/// emitted today has a property here, which is what an emitter names; a planned one has none.
/// </summary>
public static class UsageCatalog
{
    private const UsageTotal Current = UsageTotal.Current;
    private const UsageTotal Cumulative = UsageTotal.Cumulative;
    private const UsageTotal NoTotal = UsageTotal.None;

    /// <summary>Every event; an event's index is its <see cref="UsageEvent.Ordinal"/>.</summary>
    public static ImmutableArray<UsageEvent> All { get; } =
        AddLater(AddResourcesLater(AddEmitted(new UsageTable(ComponentType.Operator)))).ToImmutable();

    private static readonly FrozenDictionary<string, UsageEvent> ByType =
        All.ToFrozenDictionary(usage => usage.Type, StringComparer.Ordinal);

    public static UsageEvent Started { get; } = Emitted("STARTED");

    public static UsageEvent Active { get; } = Emitted("ACTIVE");

    public static UsageEvent IntentsApplied { get; } = Emitted("INTENTS_APPLIED");

    public static UsageEvent IntentsDeleted { get; } = Emitted("INTENTS_DELETED");

    public static UsageEvent IntentsAppliedKafka { get; } = Emitted("INTENTS_APPLIED_KAFKA");

    public static UsageEvent IntentsAppliedHttp { get; } = Emitted("INTENTS_APPLIED_HTTP");

    public static UsageEvent IntentsAppliedDatabase { get; } = Emitted("INTENTS_APPLIED_DATABASE");

    public static UsageEvent IntentsAppliedInternet { get; } = Emitted("INTENTS_APPLIED_INTERNET");

    public static UsageEvent NetworkPoliciesCreated { get; } = Emitted("NETWORK_POLICIES_CREATED");

    public static UsageEvent NetworkPoliciesDeleted { get; } = Emitted("NETWORK_POLICIES_DELETED");

    public static UsageEvent ProtectedServiceApplied { get; } = Emitted("PROTECTED_SERVICE_APPLIED");

    public static UsageEvent ProtectedServiceDeleted { get; } = Emitted("PROTECTED_SERVICE_DELETED");

    public static UsageEvent PoliciesApplied { get; } = Emitted("POLICIES_APPLIED");

    public static UsageEvent PoliciesDeleted { get; } = Emitted("POLICIES_DELETED");

    public static UsageEvent KafkaServerConfigApplied { get; } = Emitted("KAFKA_SERVER_CONFIG_APPLIED");

    public static UsageEvent KafkaServerConfigDeleted { get; } = Emitted("KAFKA_SERVER_CONFIG_DELETED");

    public static UsageEvent ClustersApplied { get; } = Emitted("CLUSTERS_APPLIED");

    public static UsageEvent ClustersDeleted { get; } = Emitted("CLUSTERS_DELETED");

    public static UsageEvent ClusterCredentialsRotated { get; } = Emitted("CLUSTER_CREDENTIALS_ROTATED");

    /// <summary>Counted with <see cref="Counting.IUsageCounter.CountError"/> alone.</summary>
    public static UsageEvent Errors { get; } = Emitted("ERRORS");

    /// <summary>Null if the catalog has no event of that type.</summary>
    public static UsageEvent? Find(string type) => ByType.GetValueOrDefault(type);

    private static UsageEvent Emitted(string type) => ByType[type];

    private static UsageTable AddEmitted(UsageTable table) => table
        .Add("STARTED", "operator.started", "{start}", NoTotal, "The operator's process started and took the lead.")
        .Add(UsageClass.Usage, "ACTIVE", "operator.active", "{report}", NoTotal,
            "The operator is still running; with the size and kind of its cluster.", UsageAttributeCatalog.Shape)
        .Add("INTENTS_APPLIED", "intents.applied", "{intent}", Current,
            "Intents of every generation of a resource applied for the first time; total: intents in applied resources now.")
        .Add("INTENTS_DELETED", "intents.deleted", "{intent}", Cumulative, "Intents that were applied, of resources that were deleted.")
        .Add("INTENTS_APPLIED_KAFKA", "intents.applied.kafka", "{intent}", Current, "The part of INTENTS_APPLIED that names Kafka topics.")
        .Add("INTENTS_APPLIED_HTTP", "intents.applied.http", "{intent}", Current, "The part of INTENTS_APPLIED that names HTTP paths.")
        .Add("INTENTS_APPLIED_DATABASE", "intents.applied.database", "{intent}", Current,
            "The part of INTENTS_APPLIED that names database privileges.")
        .Add("INTENTS_APPLIED_INTERNET", "intents.applied.internet", "{intent}", Current,
            "The part of INTENTS_APPLIED that names addresses outside the cluster.")
        .Add("NETWORK_POLICIES_CREATED", "network_policies.created", "{policy}", Current,
            "Network policies created, not those updated; total: policies there are now.")
        .Add(
            "NETWORK_POLICIES_DELETED",
            "network_policies.deleted",
            "{policy}",
            Cumulative,
            "Network policies of the operator that were deleted, by the operator or anyone else.")
        .Add("PROTECTED_SERVICE_APPLIED", "protected_service.applied", "{service}", Current,
            "ProtectedService resources applied for the first time; total: those there are now.")
        .Add("PROTECTED_SERVICE_DELETED", "protected_service.deleted", "{service}", Cumulative,
            "ProtectedService resources that were applied and are deleted.")
        .Add(UsageClass.Audit, "POLICIES_APPLIED", "policies.applied", "{policy}", Current,
            "EnforcementPolicy resources applied for the first time; total: those there are now.")
        .Add(UsageClass.Audit, "POLICIES_DELETED", "policies.deleted", "{policy}", Cumulative,
            "EnforcementPolicy resources that were applied and are deleted.")
        .Add("KAFKA_SERVER_CONFIG_APPLIED", "kafka_server_config.applied", "{config}", Current,
            "KafkaServerConfig resources applied for the first time; total: those there are now.")
        .Add("KAFKA_SERVER_CONFIG_DELETED", "kafka_server_config.deleted", "{config}", Cumulative,
            "KafkaServerConfig resources that were applied and are deleted.")
        .Add(UsageClass.Audit, "CLUSTERS_APPLIED", "clusters.applied", "{cluster}", Current,
            "Cluster resources connected to for the first time; total: those there are now.")
        .Add(UsageClass.Audit, "CLUSTERS_DELETED", "clusters.deleted", "{cluster}", Cumulative,
            "Cluster resources that were connected to and are deleted.")
        .Add(UsageClass.Audit, "CLUSTER_CREDENTIALS_ROTATED", "cluster.credentials_rotated", "{rotation}", Cumulative,
            "Times that a member cluster was connected to with other credentials than before.")
        .Add(UsageClass.Error, "ERRORS", "errors", "{error}", NoTotal,
            "Errors caught, by part of the operator and type of exception.", UsageAttributeCatalog.Error);

    private static UsageTable AddResourcesLater(UsageTable table) => table.Planned(ComponentType.Operator)
        .Add("ISTIO_POLICIES_CREATED", "istio_policies.created", "{policy}", Current, "Istio authorization policies created.")
        .Add("ISTIO_POLICIES_DELETED", "istio_policies.deleted", "{policy}", Cumulative, "Istio authorization policies deleted.")
        .Add("KAFKA_ACLS_CREATED", "kafka_acls.created", "{acl}", Current, "Kafka access rules created.")
        .Add("KAFKA_ACLS_DELETED", "kafka_acls.deleted", "{acl}", Cumulative, "Kafka access rules deleted.");

    private static UsageTable AddLater(UsageTable table) => table.Planned(ComponentType.Mapper)
        .Add("INTENTS_DISCOVERED", "intents.discovered", "{intent}", Cumulative, "Calls between workloads seen, by any means.")
        .Add("SERVICE_DISCOVERED", "service.discovered", "{service}", Current, "Services seen.")
        .Add("NAMESPACE_DISCOVERED", "namespace.discovered", "{namespace}", Current, "Namespaces in which a call was seen.")
        .Add("INTENTS_DISCOVERED_KAFKA", "intents.discovered.kafka", "{intent}", Cumulative,
            "The part of INTENTS_DISCOVERED seen in Kafka's logs.")
        .Add("INTENTS_DISCOVERED_ISTIO", "intents.discovered.istio", "{intent}", Cumulative,
            "The part of INTENTS_DISCOVERED seen in Istio's metrics.")
        .Planned(ComponentType.Sensor)
        .Add("INTENTS_DISCOVERED_SOCKET_SCAN", "intents.discovered.socket_scan", "{intent}", Cumulative,
            "The part of INTENTS_DISCOVERED seen as open sockets.")
        .Add("INTENTS_DISCOVERED_CAPTURE", "intents.discovered.capture", "{intent}", Cumulative,
            "The part of INTENTS_DISCOVERED seen as answers of DNS.")
        .Add("INTENTS_DISCOVERED_TCP", "intents.discovered.tcp", "{intent}", Cumulative,
            "The part of INTENTS_DISCOVERED seen as new TCP connections.")
        .Planned(ComponentType.Cli)
        .Add("CLI_COMMAND", "cli.command", "{command}", Cumulative, "Commands run, by noun and verb only.");
}
