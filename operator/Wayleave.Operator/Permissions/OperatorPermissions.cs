using Wayleave.Api;
using Wayleave.Operator.Hosting;

namespace Wayleave.Operator.Permissions;

/// <summary>
/// The RBAC permissions of the operator. The roles of the chart and of member clusters are generated from it. A test compares it with the
/// requests of the operator.
/// </summary>
internal static class OperatorPermissions
{
    private static readonly string[] _follow = ["list", "watch"];
    private static readonly string[] _watchedKinds =
        [.. KindTable.Rows.Where(row => row.Scope == KindScope.Watched).Select(row => row.PluralName)];

    private static readonly Permission[] _enforcement =
    [
        new("networking.k8s.io", ["networkpolicies"], [.. _follow, "create", "patch", "delete"]),
        new("", ["services", "endpoints", "pods"], _follow),
        new("discovery.k8s.io", ["endpointslices"], _follow),
        new("apps", ["deployments", "statefulsets", "daemonsets", "replicasets"], _follow),
        new("batch", ["jobs", "cronjobs"], _follow),
        new("networking.k8s.io", ["ingresses"], _follow) { Use = PermissionUse.IngressExternal },
    ];

    // What exposes servers outside the cluster, and the ranges of Pods and Services.
    private static readonly Permission[] _exposure =
    [
        new("networking.k8s.io", ["ingressclasses", "servicecidrs"], _follow) { Use = PermissionUse.External },
        new(
            "gateway.networking.k8s.io",
            ["gatewayclasses", "gateways", "referencegrants", "httproutes", "grpcroutes", "tlsroutes", "tcproutes"],
            _follow)
        {
            Use = PermissionUse.External,
        },
        new(
            "admissionregistration.k8s.io",
            ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"],
            _follow) { Use = PermissionUse.External },
        new("apiextensions.k8s.io", ["customresourcedefinitions"], _follow) { Use = PermissionUse.External },
        new("apiregistration.k8s.io", ["apiservices"], _follow) { Use = PermissionUse.External },
        new("", ["nodes"], _follow) { Use = PermissionUse.External },
    ];

    /// <summary>The permissions to enforce in all namespaces of a cluster.</summary>
    public static IReadOnlyList<Permission> Enforcement { get; } = [.. _enforcement, .. _exposure, new("", ["namespaces"], _follow)];

    /// <summary>The permissions in a member cluster. The UID of its kube-system identifies it.</summary>
    public static IReadOnlyList<Permission> MemberCluster { get; } =
        [.. Enforcement, new("", ["namespaces"], ["get"]) { Names = ["kube-system"] }];

    /// <summary>The permissions in the local cluster, in each watched namespace.</summary>
    public static IReadOnlyList<Permission> Watched { get; } =
    [
        new(Group.Name, [.. _watchedKinds], _follow),
        new(Group.Name, [.. _watchedKinds.Select(kind => $"{kind}/status")], ["patch"]),
        new(Group.Name, ["observedintents"], _follow) { Use = PermissionUse.ObservedIntents },
        .. _enforcement,
        new("events.k8s.io", ["events"], ["create", "patch"]),
    ];

    /// <summary>The cluster-scoped permissions in the local cluster.</summary>
    public static IReadOnlyList<Permission> Cluster { get; } =
    [
        new("wayleave.dev", ["enforcementpolicies"], _follow),
        new("wayleave.dev", ["enforcementpolicies/status"], ["patch"]) { Use = PermissionUse.AllNamespaces },
        new("wayleave.dev", ["clusters"], [.. _follow, "patch"]) { Use = PermissionUse.Clusters },
        new("wayleave.dev", ["clusters/status"], ["patch"]) { Use = PermissionUse.Clusters },
        .. _exposure,
        new("", ["namespaces"], _follow) { Use = PermissionUse.AllNamespaces },
        new("", ["namespaces"], ["get"]) { Names = ["kube-system"], Use = PermissionUse.ClusterIdentity },
        new("", ["nodes"], ["list"]) { Use = PermissionUse.Usage },
        new("authentication.k8s.io", ["tokenreviews"], ["create"]) { Use = PermissionUse.EventQueries },
        new("authorization.k8s.io", ["subjectaccessreviews"], ["create"]) { Use = PermissionUse.EventQueries },
    ];

    /// <summary>The permissions in the operator's namespace. Rules for create cannot have resource names.</summary>
    public static IReadOnlyList<Permission> Own { get; } =
    [
        new("coordination.k8s.io", ["leases"], ["get", "patch"]) { Names = ["wayleave-operator"], Use = PermissionUse.LeaderElection },
        new("coordination.k8s.io", ["leases"], ["create"]) { Use = PermissionUse.LeaderElection },
        new("", ["secrets"], ["get", .. _follow]) { Use = PermissionUse.Clusters },
        new("", ["configmaps"], ["get", "patch"]) { Names = ["wayleave-telemetry"], Use = PermissionUse.Telemetry },
        new("", ["configmaps"], ["create"]) { Use = PermissionUse.Telemetry },
        new("events.k8s.io", ["events"], ["create", "patch"]) { Use = PermissionUse.OneNamespaceTelemetry },
    ];
}
