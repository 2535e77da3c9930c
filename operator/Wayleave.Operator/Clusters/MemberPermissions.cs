using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Permissions;

namespace Wayleave.Operator.Clusters;

/// <summary>Asks a member cluster whether all is allowed that enforcing takes. Whether kube-system may be read shows when it is.</summary>
internal static class MemberPermissions
{
    /// <summary>The first that is missing, in words; null when none is.</summary>
    public static async Task<string?> FirstMissingAsync(IKubernetesClient client, CancellationToken cancellationToken)
    {
        foreach (var asked in OperatorPermissions.Enforcement.SelectMany(Each))
        {
            var review = new V1SelfSubjectAccessReview { Spec = new V1SelfSubjectAccessReviewSpec { ResourceAttributes = asked } };
            if ((await client.CreateAsync(review, cancellationToken)).Status?.Allowed != true)
            {
                return $"{asked.Verb} {asked.Resource}{(asked.Group is { Length: > 0 } group ? $".{group}" : "")}";
            }
        }

        return null;
    }

    private static IEnumerable<V1ResourceAttributes> Each(Permission permission) =>
        from resource in permission.Resources
        from verb in permission.Verbs
        select new V1ResourceAttributes { Group = permission.Group, Resource = resource, Verb = verb };
}
