using Wayleave.Api;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Clusters;

/// <summary>Connects to member clusters, and looks whether they are still there.</summary>
internal sealed class ClusterConnector(
    KubeconfigSecrets secrets, IMemberFactory factory, MemberSet members, Installation installation, ClusterFinalizer finalizer, WorkQueues queues)
{
    /// <returns>The version of Kubernetes there; null when the Cluster was changed on the way, and comes back by itself.</returns>
    /// <exception cref="ClusterException">It cannot be worked in. A member that works goes on, if it can.</exception>
    public async Task<string?> ConnectAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        var name = cluster.Metadata.Name!;
        if (name == ClusterRules.Local)
        {
            throw ClusterException.Failed(Reasons.InvalidSpec, $"metadata.name: {name} is the operator's own cluster (choose another name)");
        }

        if (cluster.Spec.Paused == true)
        {
            await members.StopAsync(name);
            throw ClusterException.Failed(Reasons.Paused, "spec.paused: nothing is changed there, and what is in force stays (set it to false)");
        }

        if (members.Of(name) is { Failure: LimitExceededException limit })
        {
            await members.StopAsync(name);
            throw ClusterException.Failed(Reasons.TooLarge, $"{limit.Message} (run an operator in that cluster)");
        }

        var wanted = !ClusterFinalizer.LeavesPolicies(cluster);
        if (ClusterFinalizer.IsOn(cluster) && await finalizer.EnsureAsync(cluster, wanted, cancellationToken))
        {
            return null;
        }

        var member = members.Of(name) is { Failure: null } working ? working : null;
        return member is not null && await IsCurrentAsync(member, cluster, cancellationToken)
            ? await ClusterProbe.PingAsync(member.Client, cancellationToken)
            : await StartAsync(cluster, await secrets.ReadAsync(cluster, cancellationToken), cancellationToken);
    }

    private async Task<bool> IsCurrentAsync(Member member, Cluster cluster, CancellationToken cancellationToken)
    {
        if (member.Credentials.SecretVersion == secrets.VersionOf(cluster))
        {
            return true;
        }

        var now = await secrets.ReadAsync(cluster, cancellationToken);
        var isSame = now.Digest == member.Credentials.Digest;
        member.Credentials = isSame ? now : member.Credentials;
        return isSame;
    }

    private async Task<string?> StartAsync(Cluster cluster, ClusterCredentials credentials, CancellationToken cancellationToken)
    {
        var connection = factory.Connect(credentials);
        var isKept = false;
        try
        {
            var version = await ClusterProbe.ExamineAsync(connection.Client, cancellationToken);
            var uid = await UidAsync(cluster, connection.Client, cancellationToken);
            var served = await ClusterProbe.AskAsync(() => ServedKinds.ReadAsync(connection.Client, cancellationToken));
            var isChanged = !ClusterFinalizer.LeavesPolicies(cluster) && await finalizer.EnsureAsync(cluster, isWanted: true, cancellationToken);
            isKept = await StartAsync(cluster, uid, credentials, connection, served);
            return isChanged ? null : version;
        }
        finally
        {
            if (!isKept)
            {
                connection.Dispose();
            }
        }
    }

    private async Task<bool> StartAsync(Cluster cluster, string? uid, ClusterCredentials credentials, MemberConnection connection, ServedKinds served)
    {
        var name = cluster.Metadata.Name!;
        var owner = installation.RequireOwner();
        await members.StopAsync(name);
        var member = factory.Create(name, uid, credentials, connection, owner);
        if (!members.Add(member))
        {
            await member.DisposeAsync();
            return true;
        }

        member.Start(served, () => queues.Clusters.Add(NamespacedName.Of(cluster)));
        return true;
    }

    private async Task<string?> UidAsync(Cluster cluster, IKubernetesClient client, CancellationToken cancellationToken)
    {
        var system = await ClusterProbe.AskAsync(() => client.GetAsync<V1Namespace>("kube-system", null, cancellationToken));
        if (system?.Metadata.Uid is not { } uid)
        {
            return null;
        }

        var same = uid == installation.Uid ? ClusterRules.Local : members.Twin(cluster.Metadata.Name!, uid);
        return same is null
            ? uid
            : throw ClusterException.Failed(Reasons.SameCluster, $"the kubeconfig leads to the cluster {same} (select that one, and delete this Cluster)");
    }
}
