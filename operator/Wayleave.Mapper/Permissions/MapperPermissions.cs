using Wayleave.Api;
using Wayleave.Kubernetes;

namespace Wayleave.Mapper.Permissions;

/// <summary>The RBAC permissions of the mapper. The roles of the chart are generated from it.</summary>
internal static class MapperPermissions
{
    private static readonly string[] _follow = ["list", "watch"];

    /// <summary>The permissions in all namespaces.</summary>
    public static IReadOnlyList<MapperAccessRule> Cluster { get; } =
    [
        // Endpoints are for API servers before Kubernetes 1.21, which serve no EndpointSlices in v1.
        new("", ["pods", "services", "endpoints", "nodes"], _follow),
        new("discovery.k8s.io", ["endpointslices"], _follow),
        new("apps", ["replicasets"], _follow),
        new("batch", ["jobs"], _follow),
        new(Group.Name, ["observedintents"], ["get", .. _follow, "create", "patch", "delete"]),
        new("authentication.k8s.io", ["tokenreviews"], ["create"]),
        new("authorization.k8s.io", ["subjectaccessreviews"], ["create"]) { Use = MapperPermissionUse.Page },
        new(Group.Name, ["clientintents"], ["list"]) { Use = MapperPermissionUse.Page },
        new("apps", ["deployments", "statefulsets", "daemonsets"], ["list"]) { Use = MapperPermissionUse.Page },
        new("batch", ["cronjobs"], ["list"]) { Use = MapperPermissionUse.Page },
    ];

    /// <summary>The permissions in the mapper's namespace. Rules for create cannot have resource names.</summary>
    public static IReadOnlyList<MapperAccessRule> Own { get; } =
    [
        new("coordination.k8s.io", ["leases"], ["get", "patch"]) { Names = ["wayleave-mapper"], Use = MapperPermissionUse.LeaderElection },
        new("coordination.k8s.io", ["leases"], ["create"]) { Use = MapperPermissionUse.LeaderElection },
        new("", ["secrets"], ["get", "patch"]) { Names = ["wayleave-mapper-tls"], Use = MapperPermissionUse.OwnCertificate },
    ];

    /// <summary>The permissions in the namespace of the sensors.</summary>
    public static IReadOnlyList<MapperAccessRule> Sensor { get; } =
    [
        new("", ["configmaps"], ["get", "patch"]) { Names = ["wayleave-mapper-ca"], Use = MapperPermissionUse.OwnCertificate },
    ];
}

/// <inheritdoc/>
internal sealed record MapperAccessRule(string Group, string[] Resources, string[] Verbs) : AccessRule(Group, Resources, Verbs)
{
    public MapperPermissionUse Use { get; init; }

    public override string Feature => Use.ToString();
}

/// <summary>The feature that needs a permission of the mapper.</summary>
internal enum MapperPermissionUse
{
    Always,
    LeaderElection,

    /// <summary>To keep the certificate that the mapper makes itself.</summary>
    OwnCertificate,

    /// <summary>To compare the map with what is declared, for those who may read both.</summary>
    Page,
}
