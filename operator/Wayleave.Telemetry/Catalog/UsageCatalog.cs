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

    public static UsageEvent Started { get; } =
        Create("STARTED", "operator.started", "{start}", NoTotal, "The operator started and became the leader.");

    public static UsageEvent Active { get; } = Create(
        "ACTIVE", "operator.active", "{report}", NoTotal, "The operator is running; carries the size and kind of its cluster.",
        attributes: UsageAttributeCatalog.ClusterProfile);

    public static UsageEvent IntentsApplied { get; } = Create(
        "INTENTS_APPLIED", "intents.applied", "{intent}", Current,
        "Intents of each generation of a resource, when it is first applied; total: intents in applied resources now.");

    public static UsageEvent IntentsDeleted { get; } = Create(
        "INTENTS_DELETED", "intents.deleted", "{intent}", Cumulative, "Applied intents of resources that were deleted.");

    public static UsageEvent IntentsAppliedKafka { get; } = Create(
        "INTENTS_APPLIED_KAFKA", "intents.applied.kafka", "{intent}", Current, "The part of INTENTS_APPLIED that names Kafka topics.");

    public static UsageEvent IntentsAppliedHttp { get; } = Create(
        "INTENTS_APPLIED_HTTP", "intents.applied.http", "{intent}", Current, "The part of INTENTS_APPLIED that names HTTP paths.");

    public static UsageEvent IntentsAppliedDatabase { get; } = Create(
        "INTENTS_APPLIED_DATABASE", "intents.applied.database", "{intent}", Current,
        "The part of INTENTS_APPLIED that names database privileges.");

    public static UsageEvent IntentsAppliedInternet { get; } = Create(
        "INTENTS_APPLIED_INTERNET", "intents.applied.internet", "{intent}", Current,
        "The part of INTENTS_APPLIED that names addresses outside the cluster.");

    public static UsageEvent NetworkPoliciesCreated { get; } = Create(
        "NETWORK_POLICIES_CREATED", "network_policies.created", "{policy}", Current,
        "Network policies created, without updates; total: policies that exist now.");

    public static UsageEvent NetworkPoliciesDeleted { get; } = Create(
        "NETWORK_POLICIES_DELETED", "network_policies.deleted", "{policy}", Cumulative,
        "Network policies of the operator that were deleted, by the operator or anyone else.");

    public static UsageEvent ProtectedServiceApplied { get; } = Create(
        "PROTECTED_SERVICE_APPLIED", "protected_service.applied", "{service}", Current,
        "ProtectedService resources applied for the first time; total: those that exist now.");

    public static UsageEvent ProtectedServiceDeleted { get; } = Create(
        "PROTECTED_SERVICE_DELETED", "protected_service.deleted", "{service}", Cumulative,
        "Applied ProtectedService resources that were deleted.");

    public static UsageEvent PoliciesApplied { get; } = Create(
        "POLICIES_APPLIED", "policies.applied", "{policy}", Current,
        "EnforcementPolicy resources applied for the first time; total: those that exist now.", UsageClass.Audit);

    public static UsageEvent PoliciesDeleted { get; } = Create(
        "POLICIES_DELETED", "policies.deleted", "{policy}", Cumulative,
        "Applied EnforcementPolicy resources that were deleted.", UsageClass.Audit);

    public static UsageEvent KafkaServerConfigApplied { get; } = Create(
        "KAFKA_SERVER_CONFIG_APPLIED", "kafka_server_config.applied", "{config}", Current,
        "KafkaServerConfig resources applied for the first time; total: those that exist now.");

    public static UsageEvent KafkaServerConfigDeleted { get; } = Create(
        "KAFKA_SERVER_CONFIG_DELETED", "kafka_server_config.deleted", "{config}", Cumulative,
        "Applied KafkaServerConfig resources that were deleted.");

    public static UsageEvent ClustersApplied { get; } = Create(
        "CLUSTERS_APPLIED", "clusters.applied", "{cluster}", Current,
        "Cluster resources connected to for the first time; total: those that exist now.", UsageClass.Audit);

    public static UsageEvent ClustersDeleted { get; } = Create(
        "CLUSTERS_DELETED", "clusters.deleted", "{cluster}", Cumulative,
        "Connected Cluster resources that were deleted.", UsageClass.Audit);

    public static UsageEvent ClusterCredentialsRotated { get; } = Create(
        "CLUSTER_CREDENTIALS_ROTATED", "cluster.credentials_rotated", "{rotation}", Cumulative,
        "Times that a member cluster was connected with new credentials.", UsageClass.Audit);

    public static UsageEvent IntentsDiscovered { get; } = Create(
        "INTENTS_DISCOVERED", "intents.discovered", "{intent}", Cumulative,
        "Calls of workloads that the network mapper saw for the first time, by any means.");

    public static UsageEvent IntentsDiscoveredTcp { get; } = Create(
        "INTENTS_DISCOVERED_TCP", "intents.discovered.tcp", "{intent}", Cumulative,
        "The part of INTENTS_DISCOVERED seen as new TCP connections.");

    public static UsageEvent IntentsDiscoveredSocketScan { get; } = Create(
        "INTENTS_DISCOVERED_SOCKET_SCAN", "intents.discovered.socket_scan", "{intent}", Cumulative,
        "The part of INTENTS_DISCOVERED seen as open sockets.");

    public static UsageEvent IntentsDiscoveredCapture { get; } = Create(
        "INTENTS_DISCOVERED_CAPTURE", "intents.discovered.capture", "{intent}", Cumulative,
        "The part of INTENTS_DISCOVERED seen as answers of DNS.");

    public static UsageEvent ServiceDiscovered { get; } = Create(
        "SERVICE_DISCOVERED", "service.discovered", "{service}", Current,
        "Workloads that the network mapper saw as callers for the first time; total: those that the map has now.");

    public static UsageEvent NamespaceDiscovered { get; } = Create(
        "NAMESPACE_DISCOVERED", "namespace.discovered", "{namespace}", Current,
        "Namespaces in which the network mapper saw a caller for the first time; total: those that the map has now.");

    /// <summary>Counted with <see cref="Counting.IUsageCounter.CountError"/> alone.</summary>
    public static UsageEvent Errors { get; } = Create(
        "ERRORS", "errors", "{error}", NoTotal, "Errors caught, by part of the operator and type of exception.", UsageClass.Error,
        attributes: UsageAttributeCatalog.Error);

    /// <summary>Counted by the command line alone, with a <see cref="CountedCommand"/>.</summary>
    public static UsageEvent CliCommand { get; } = Create(
        "CLI_COMMAND", "cli.command", "{command}", Cumulative,
        "Commands of the command line, by noun, verb and names of options; total: all of them since the first.",
        emitter: ComponentType.Cli, attributes: UsageAttributeCatalog.Command);

    /// <summary>Counted by the command line alone.</summary>
    public static UsageEvent MapperExport { get; } = Create(
        "MAPPER_EXPORT", "mapper.export", "{intent}", NoTotal, "Targets of ClientIntents written by map export.",
        emitter: ComponentType.Cli);

    /// <inheritdoc cref="MapperExport"/>
    public static UsageEvent MapperVisualize { get; } = Create(
        "MAPPER_VISUALIZE", "mapper.visualize", "{intent}", NoTotal, "Calls drawn by map visualize.", emitter: ComponentType.Cli);

    /// <summary>Every event, in the order of the records and of the documentation.</summary>
    public static ImmutableArray<UsageEvent> All { get; } =
    [
        Started, Active, IntentsApplied, IntentsDeleted, IntentsAppliedKafka, IntentsAppliedHttp, IntentsAppliedDatabase,
        IntentsAppliedInternet, NetworkPoliciesCreated, NetworkPoliciesDeleted, ProtectedServiceApplied, ProtectedServiceDeleted,
        PoliciesApplied, PoliciesDeleted, KafkaServerConfigApplied, KafkaServerConfigDeleted, ClustersApplied, ClustersDeleted,
        ClusterCredentialsRotated, IntentsDiscovered, IntentsDiscoveredTcp, IntentsDiscoveredSocketScan, IntentsDiscoveredCapture,
        ServiceDiscovered, NamespaceDiscovered, Errors, CliCommand, MapperExport, MapperVisualize,
        .. Plan(
            ComponentType.Operator,
            ("ISTIO_POLICIES_CREATED", "istio_policies.created", "{policy}", Current, "Istio authorization policies created."),
            ("ISTIO_POLICIES_DELETED", "istio_policies.deleted", "{policy}", Cumulative, "Istio authorization policies deleted."),
            ("KAFKA_ACLS_CREATED", "kafka_acls.created", "{acl}", Current, "Kafka access rules created."),
            ("KAFKA_ACLS_DELETED", "kafka_acls.deleted", "{acl}", Cumulative, "Kafka access rules deleted.")),
        .. Plan(
            ComponentType.Mapper,
            ("INTENTS_DISCOVERED_KAFKA", "intents.discovered.kafka", "{intent}", Cumulative,
                "The part of INTENTS_DISCOVERED seen in Kafka's logs."),
            ("INTENTS_DISCOVERED_ISTIO", "intents.discovered.istio", "{intent}", Cumulative,
                "The part of INTENTS_DISCOVERED seen in Istio's metrics.")),
    ];

    private static readonly FrozenDictionary<UsageEvent, int> Ordinals =
        All.Select(static (usage, index) => (usage, index)).ToFrozenDictionary(entry => entry.usage, entry => entry.index);

    private static readonly FrozenDictionary<string, UsageEvent> ByType =
        All.ToFrozenDictionary(usage => usage.Type, StringComparer.Ordinal);

    /// <summary>Null if the catalog has no event of that type.</summary>
    public static UsageEvent? Find(string type) => ByType.GetValueOrDefault(type);

    /// <summary>Its index in <see cref="All"/>. Not on the wire and not stable between versions.</summary>
    internal static int GetOrdinal(UsageEvent usage) => Ordinals[usage];

    private static IEnumerable<UsageEvent> Plan(
        ComponentType emitter, params IEnumerable<(string Type, string Name, string Unit, UsageTotal Total, string Description)> events) =>
        events.Select(planned => Create(
            planned.Type, planned.Name, planned.Unit, planned.Total, planned.Description, emitter: emitter, isPlanned: true));

    private static UsageEvent Create(
        string type, string name, string unit, UsageTotal total, string description, UsageClass usageClass = UsageClass.Usage,
        ComponentType emitter = ComponentType.Operator, bool isPlanned = false, ImmutableArray<UsageAttribute>? attributes = null) => new()
        {
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
}
