using Wayleave.Kubernetes;

namespace Wayleave.Operator.Permissions;

/// <inheritdoc/>
internal sealed record Permission(string Group, string[] Resources, string[] Verbs) : AccessRule(Group, Resources, Verbs)
{
    public PermissionUse Use { get; init; }

    public override string Feature => Use.ToString();
}

/// <summary>The feature that needs a permission. The chart grants it only if the feature is on.</summary>
internal enum PermissionUse
{
    Always,

    /// <summary>Not with a single watched namespace.</summary>
    AllNamespaces,

    /// <summary>To keep exposed servers reachable; not where only one namespace is watched.</summary>
    External,

    /// <summary>To keep servers behind an Ingress reachable, also where only one namespace is watched.</summary>
    IngressExternal,

    LeaderElection,
    Clusters,
    Telemetry,

    /// <summary>To read the cluster's UID: for telemetry, and with a single watched namespace, where namespaces cannot be listed.</summary>
    ClusterIdentity,

    /// <summary>Telemetry with a single watched namespace. Otherwise other permissions include it.</summary>
    OneNamespaceTelemetry,
    Usage,

    /// <summary>To ask who sends a query of the event store, and whether they may.</summary>
    EventQueries,

    /// <summary>To report which calls of the network mapper's map are not declared.</summary>
    ObservedIntents,
}
