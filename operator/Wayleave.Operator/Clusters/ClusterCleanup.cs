using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Clusters;

/// <summary>Takes leave of a member cluster whose Cluster is being deleted.</summary>
internal sealed class ClusterCleanup(
    KubeconfigSecrets secrets, IMemberFactory factory, MemberSet members, Installation installation, ClusterFinalizer finalizer)
{
    private const int PageSize = 500;
    private static readonly string _ours = $"{WayleaveLabels.ManagedBy}={WayleaveLabels.ManagedByValue}";

    /// <summary>Stops the work there, removes our policies unless they are to stay, and lets the object go.</summary>
    /// <exception cref="ClusterException">They cannot be removed now.</exception>
    public async Task LeaveAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        await members.StopAsync(cluster.Metadata.Name!);
        if (ClusterFinalizer.IsOn(cluster) && !ClusterFinalizer.LeavesPolicies(cluster))
        {
            await TryRemoveAsync(cluster, cancellationToken);
        }

        await finalizer.EnsureAsync(cluster, isWanted: false, cancellationToken);
    }

    private async Task TryRemoveAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        try
        {
            var credentials = await secrets.ReadAsync(cluster, cancellationToken);
            using var connection = factory.Connect(credentials);
            var owner = installation.RequireOwner();
            await ClusterProbe.AskAsync(() => RemoveAsync(connection.Client, owner, cancellationToken));
        }
        catch (ClusterException error)
        {
            throw ClusterException.Pending(
                Reasons.CleaningUp,
                $"the policies there cannot be removed now: {error.Message}; this is tried again (to let it go as it is: kubectl annotate clusters.wayleave.dev {cluster.Metadata.Name} {WayleaveLabels.Orphan}=true)");
        }
    }

    private static async Task<int> RemoveAsync(IKubernetesClient client, PolicyOwner owner, CancellationToken cancellationToken)
    {
        var removed = 0;
        var query = new ListOptions { LabelSelector = _ours, Limit = PageSize };
        do
        {
            var page = await client.ListAsync<V1NetworkPolicy>(query, cancellationToken);
            foreach (var policy in page.Items.Where(owner.IsOurs))
            {
                var exactly = new V1Preconditions { Uid = policy.Metadata.Uid };
                await client.DeleteAsync<V1NetworkPolicy>(policy.Metadata.Name!, policy.Metadata.NamespaceProperty, exactly, cancellationToken);
                removed++;
            }

            query = query with { ContinueToken = page.Metadata.ContinueProperty };
        }
        while (!string.IsNullOrEmpty(query.ContinueToken));
        return removed;
    }
}
