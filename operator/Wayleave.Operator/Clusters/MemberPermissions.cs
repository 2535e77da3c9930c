using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Clusters;

/// <summary>What the operator has to be allowed in a member cluster: the rules of <c>charts/wayleave/files/member-role.yaml</c>.</summary>
internal static class MemberPermissions
{
    private static readonly string[] _follow = ["list", "watch"];
    private static readonly string[] _write = ["list", "watch", "create", "patch", "delete"];

    /// <summary>Group, resource, verbs.</summary>
    public static IReadOnlyList<(string Group, string Resource, string[] Verbs)> All { get; } =
    [
        ("", "namespaces", _follow), ("", "pods", _follow), ("", "services", _follow), ("", "endpoints", _follow),
        ("apps", "daemonsets", _follow), ("apps", "deployments", _follow), ("apps", "replicasets", _follow), ("apps", "statefulsets", _follow),
        ("batch", "cronjobs", _follow), ("batch", "jobs", _follow), ("discovery.k8s.io", "endpointslices", _follow),
        ("networking.k8s.io", "networkpolicies", _write),
    ];

    /// <summary>The first that is missing, in words; null when none is.</summary>
    public static async Task<string?> FirstMissingAsync(IKubernetesClient client, CancellationToken cancellationToken)
    {
        foreach (var (group, resource, verbs) in All)
        {
            foreach (var verb in verbs)
            {
                var review = new V1SelfSubjectAccessReview
                {
                    Spec = new V1SelfSubjectAccessReviewSpec { ResourceAttributes = new V1ResourceAttributes { Group = group, Resource = resource, Verb = verb } },
                };
                var answer = await client.CreateAsync(review, cancellationToken);
                if (answer.Status?.Allowed != true)
                {
                    return group.Length == 0 ? $"{verb} {resource}" : $"{verb} {resource}.{group}";
                }
            }
        }

        return null;
    }
}
