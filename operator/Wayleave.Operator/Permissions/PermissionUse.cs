namespace Wayleave.Operator.Permissions;

/// <summary>What a permission is for; without that, the chart does not ask for it.</summary>
internal enum PermissionUse
{
    Always,

    /// <summary>Not where only one namespace is looked after.</summary>
    AllNamespaces,

    /// <summary>To keep exposed servers reachable; not where only one namespace is watched.</summary>
    External,

    /// <summary>To keep servers behind an Ingress reachable, also where only one namespace is watched.</summary>
    IngressExternal,

    LeaderElection,
    Clusters,
    Telemetry,

    /// <summary>To tell one cluster from another: for telemetry, and where one namespace is watched and kube-system cannot be listed.</summary>
    ClusterIdentity,

    /// <summary>Telemetry where only one namespace is looked after: elsewhere it is in what is always asked for.</summary>
    OneNamespaceTelemetry,
    Usage,
}
