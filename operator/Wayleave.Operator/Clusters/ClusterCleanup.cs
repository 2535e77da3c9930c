using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Operator.Clusters;

/// <summary>Removes what is ours from a member cluster whose Cluster is being deleted.</summary>
internal sealed class ClusterCleanup(
    KubeconfigSecretReader secrets, IMemberFactory factory, MemberClusterManager members, Installation installation,
    ClusterFinalizer finalizer,
    TimeProvider time)
{
    private const int PageSize = 500;

    // Limits of one call, so that a slow API server does not occupy a worker for long.
    private const int MostDeletes = 100;
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(20);
    private static readonly string _ours = $"{WayleaveLabels.ManagedBy}={WayleaveLabels.ManagedByValue}";

    /// <summary>
    /// Stops the member, deletes a batch of our policies unless they are kept, and removes the finalizer when none is left.
    /// </summary>
    /// <returns>Whether the finalizer was removed. If not, call it again.</returns>
    /// <exception cref="ClusterException">The policies cannot be removed now.</exception>
    public async Task<bool> CleanUpAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        await members.StopAsync(cluster.Metadata.Name!);
        if (ClusterFinalizer.HasFinalizer(cluster)
            && !ClusterFinalizer.KeepsPolicies(cluster)
            && !await TryRemoveAsync(cluster, cancellationToken))
        {
            return false;
        }

        await finalizer.EnsureAsync(cluster, isWanted: false, cancellationToken);
        return true;
    }

    private async Task<bool> TryRemoveAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        try
        {
            var credentials = await secrets.ReadAsync(cluster, cancellationToken);
            using var connection = factory.Connect(credentials);
            return await IsManagedElsewhereAsync(cluster, connection.Client, cancellationToken)
                || await ClusterHealthCheck.TranslateErrorsAsync(
                    () => RemoveAsync(connection.Client, installation.Owner, cancellationToken));
        }
        catch (ClusterException error)
        {
            throw ClusterException.Pending(
                Reasons.CleaningUp,
                $"the policies in the cluster cannot be removed now: {error.Message}; will retry."
                    + " To delete the Cluster and keep its policies, run:"
                    + $" kubectl annotate clusters.wayleave.dev {cluster.Metadata.Name} {WayleaveLabels.Orphan}=true");
        }
    }

    // Another Cluster or the hub manages the same cluster and deletes unwanted policies itself.
    private async Task<bool> IsManagedElsewhereAsync(Cluster cluster, IKubernetesClient client, CancellationToken cancellationToken) =>
        await ClusterHealthCheck.GetClusterUidAsync(client, cancellationToken) is { } uid
        && (uid == installation.ClusterUid || members.HasDuplicate(cluster, Installation.ComputeClusterIdentity(uid)));

    private async Task<bool> RemoveAsync(IKubernetesClient client, PolicyOwner owner, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var removed = 0;
        var query = new ListOptions { LabelSelector = _ours, Limit = PageSize };
        do
        {
            var page = await client.ListAsync<V1NetworkPolicy>(query, cancellationToken);
            foreach (var policy in page.Items.Where(owner.IsOurs))
            {
                if (removed == MostDeletes || time.GetElapsedTime(began) > _longest)
                {
                    return false;
                }

                var exactly = new V1Preconditions { Uid = policy.Metadata.Uid };
                await client.DeleteAsync<V1NetworkPolicy>(
                    policy.Metadata.Name!, policy.Metadata.NamespaceProperty, exactly, cancellationToken);
                removed++;
            }

            query = query with { ContinueToken = page.Metadata.ContinueProperty };
        }
        while (!string.IsNullOrEmpty(query.ContinueToken));
        return true;
    }
}
