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

    // The initializers below add to it in their order, which is that of the records and of the documentation.
    private static readonly List<UsageEvent> Events = [];

    public static UsageEvent Started { get; } =
        Add("STARTED", "operator.started", "{start}", NoTotal, "The operator's process started and took the lead.");

    public static UsageEvent Active { get; } = Add(
        "ACTIVE", "operator.active", "{report}", NoTotal, "The operator is still running; with the size and kind of its cluster.",
        attributes: UsageAttributeCatalog.ClusterProfile);

    public static UsageEvent IntentsApplied { get; } = Add(
        "INTENTS_APPLIED", "intents.applied", "{intent}", Current,
        "Intents of every generation of a resource applied for the first time; total: intents in applied resources now.");

    public static UsageEvent IntentsDeleted { get; } = Add(
        "INTENTS_DELETED", "intents.deleted", "{intent}", Cumulative, "Intents that were applied, of resources that were deleted.");

    public static UsageEvent IntentsAppliedKafka { get; } = Add(
        "INTENTS_APPLIED_KAFKA", "intents.applied.kafka", "{intent}", Current, "The part of INTENTS_APPLIED that names Kafka topics.");

    public static UsageEvent IntentsAppliedHttp { get; } = Add(
        "INTENTS_APPLIED_HTTP", "intents.applied.http", "{intent}", Current, "The part of INTENTS_APPLIED that names HTTP paths.");

    public static UsageEvent IntentsAppliedDatabase { get; } = Add(
        "INTENTS_APPLIED_DATABASE", "intents.applied.database", "{intent}", Current,
        "The part of INTENTS_APPLIED that names database privileges.");

    public static UsageEvent IntentsAppliedInternet { get; } = Add(
        "INTENTS_APPLIED_INTERNET", "intents.applied.internet", "{intent}", Current,
        "The part of INTENTS_APPLIED that names addresses outside the cluster.");

    public static UsageEvent NetworkPoliciesCreated { get; } = Add(
        "NETWORK_POLICIES_CREATED", "network_policies.created", "{policy}", Current,
        "Network policies created, not those updated; total: policies there are now.");

    public static UsageEvent NetworkPoliciesDeleted { get; } = Add(
        "NETWORK_POLICIES_DELETED", "network_policies.deleted", "{policy}", Cumulative,
        "Network policies of the operator that were deleted, by the operator or anyone else.");

    public static UsageEvent ProtectedServiceApplied { get; } = Add(
        "PROTECTED_SERVICE_APPLIED", "protected_service.applied", "{service}", Current,
        "ProtectedService resources applied for the first time; total: those there are now.");

    public static UsageEvent ProtectedServiceDeleted { get; } = Add(
        "PROTECTED_SERVICE_DELETED", "protected_service.deleted", "{service}", Cumulative,
        "ProtectedService resources that were applied and are deleted.");

    public static UsageEvent PoliciesApplied { get; } = Add(
        "POLICIES_APPLIED", "policies.applied", "{policy}", Current,
        "EnforcementPolicy resources applied for the first time; total: those there are now.", UsageClass.Audit);

    public static UsageEvent PoliciesDeleted { get; } = Add(
        "POLICIES_DELETED", "policies.deleted", "{policy}", Cumulative,
        "EnforcementPolicy resources that were applied and are deleted.", UsageClass.Audit);

    public static UsageEvent KafkaServerConfigApplied { get; } = Add(
        "KAFKA_SERVER_CONFIG_APPLIED", "kafka_server_config.applied", "{config}", Current,
        "KafkaServerConfig resources applied for the first time; total: those there are now.");

    public static UsageEvent KafkaServerConfigDeleted { get; } = Add(
        "KAFKA_SERVER_CONFIG_DELETED", "kafka_server_config.deleted", "{config}", Cumulative,
        "KafkaServerConfig resources that were applied and are deleted.");

    public static UsageEvent ClustersApplied { get; } = Add(
        "CLUSTERS_APPLIED", "clusters.applied", "{cluster}", Current,
        "Cluster resources connected to for the first time; total: those there are now.", UsageClass.Audit);

    public static UsageEvent ClustersDeleted { get; } = Add(
        "CLUSTERS_DELETED", "clusters.deleted", "{cluster}", Cumulative,
        "Cluster resources that were connected to and are deleted.", UsageClass.Audit);

    public static UsageEvent ClusterCredentialsRotated { get; } = Add(
        "CLUSTER_CREDENTIALS_ROTATED", "cluster.credentials_rotated", "{rotation}", Cumulative,
        "Times that a member cluster was connected to with other credentials than before.", UsageClass.Audit);

    /// <summary>Counted with <see cref="Counting.IUsageCounter.CountError"/> alone.</summary>
    public static UsageEvent Errors { get; } = Add(
        "ERRORS", "errors", "{error}", NoTotal, "Errors caught, by part of the operator and type of exception.", UsageClass.Error,
        attributes: UsageAttributeCatalog.Error);

    /// <summary>Every event; an event's index is its <see cref="UsageEvent.Ordinal"/>.</summary>
    public static ImmutableArray<UsageEvent> All { get; } = AddPlanned();

    private static readonly FrozenDictionary<string, UsageEvent> ByType =
        All.ToFrozenDictionary(usage => usage.Type, StringComparer.Ordinal);

    /// <summary>Null if the catalog has no event of that type.</summary>
    public static UsageEvent? Find(string type) => ByType.GetValueOrDefault(type);

    private static ImmutableArray<UsageEvent> AddPlanned()
    {
        var emitter = ComponentType.Operator;
        Plan("ISTIO_POLICIES_CREATED", "istio_policies.created", "{policy}", Current, "Istio authorization policies created.");
        Plan("ISTIO_POLICIES_DELETED", "istio_policies.deleted", "{policy}", Cumulative, "Istio authorization policies deleted.");
        Plan("KAFKA_ACLS_CREATED", "kafka_acls.created", "{acl}", Current, "Kafka access rules created.");
        Plan("KAFKA_ACLS_DELETED", "kafka_acls.deleted", "{acl}", Cumulative, "Kafka access rules deleted.");
        emitter = ComponentType.Mapper;
        Plan("INTENTS_DISCOVERED", "intents.discovered", "{intent}", Cumulative, "Calls between workloads seen, by any means.");
        Plan("SERVICE_DISCOVERED", "service.discovered", "{service}", Current, "Services seen.");
        Plan("NAMESPACE_DISCOVERED", "namespace.discovered", "{namespace}", Current, "Namespaces in which a call was seen.");
        Plan("INTENTS_DISCOVERED_KAFKA", "intents.discovered.kafka", "{intent}", Cumulative,
            "The part of INTENTS_DISCOVERED seen in Kafka's logs.");
        Plan("INTENTS_DISCOVERED_ISTIO", "intents.discovered.istio", "{intent}", Cumulative,
            "The part of INTENTS_DISCOVERED seen in Istio's metrics.");
        emitter = ComponentType.Sensor;
        Plan("INTENTS_DISCOVERED_SOCKET_SCAN", "intents.discovered.socket_scan", "{intent}", Cumulative,
            "The part of INTENTS_DISCOVERED seen as open sockets.");
        Plan("INTENTS_DISCOVERED_CAPTURE", "intents.discovered.capture", "{intent}", Cumulative,
            "The part of INTENTS_DISCOVERED seen as answers of DNS.");
        Plan("INTENTS_DISCOVERED_TCP", "intents.discovered.tcp", "{intent}", Cumulative,
            "The part of INTENTS_DISCOVERED seen as new TCP connections.");
        emitter = ComponentType.Cli;
        Plan("CLI_COMMAND", "cli.command", "{command}", Cumulative, "Commands run, by noun and verb only.");
        return [.. Events];

        void Plan(string type, string name, string unit, UsageTotal total, string description) =>
            Add(type, name, unit, total, description, emitter: emitter, isPlanned: true);
    }

    private static UsageEvent Add(
        string type, string name, string unit, UsageTotal total, string description, UsageClass usageClass = UsageClass.Usage,
        ComponentType emitter = ComponentType.Operator, bool isPlanned = false, ImmutableArray<UsageAttribute>? attributes = null)
    {
        var usage = new UsageEvent
        {
            Ordinal = Events.Count,
            Type = type,
            Name = "wayleave." + name,
            Class = usageClass,
            Unit = unit,
            Total = total,
            Emitter = emitter,
            IsPlanned = isPlanned,
            Description = description,
            Attributes = attributes ?? [],
        };
        Events.Add(usage);
        return usage;
    }
}
