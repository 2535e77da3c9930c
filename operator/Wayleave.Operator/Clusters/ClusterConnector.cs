using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Clusters;

/// <summary>Connects to member clusters and checks their health.</summary>
internal sealed class ClusterConnector(
    KubeconfigSecretReader secrets, IMemberFactory factory, MemberClusterManager members, Installation installation,
    ClusterFinalizer finalizer,
    StatusQueues queues)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    /// <returns>
    /// The Kubernetes version. Null if the Cluster was changed or has to wait; it is enqueued again.
    /// </returns>
    /// <exception cref="ClusterException">The cluster cannot be used. A running member continues if it can.</exception>
    public async Task<string?> ConnectAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        var name = cluster.Metadata.Name!;
        if (name == ClusterSelectionMatcher.Local)
        {
            throw ClusterException.Failed(
                Reasons.InvalidSpec, $"metadata.name: \"{name}\" is the operator's own cluster; use another name");
        }

        if (cluster.Spec.Paused == true)
        {
            await members.StopAsync(name);
            members.ForgetIdentity(name);
            throw ClusterException.Failed(
                Reasons.Paused, "spec.paused: the cluster is paused, and its policies stay as they are; set it to false to continue");
        }

        try
        {
            return await CheckAsync(cluster, cancellationToken);
        }
        finally
        {
            members.MarkChecked(name, identity: null);
        }
    }

    private async Task<string?> CheckAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        var name = cluster.Metadata.Name!;
        if (members.Find(name) is { Failure: LimitExceededException limit })
        {
            await members.StopAsync(name);
            throw ClusterException.Failed(Reasons.TooLarge, $"{limit.Message}; run an operator in that cluster");
        }

        var wanted = !ClusterFinalizer.KeepsPolicies(cluster);
        if (ClusterFinalizer.HasFinalizer(cluster) && await finalizer.EnsureAsync(cluster, wanted, cancellationToken))
        {
            return null;
        }

        var member = members.Find(name) is { Failure: null } working ? working : null;
        if (member is not null && await IsCurrentAsync(member, cluster, cancellationToken))
        {
            var version = await ClusterHealthCheck.PingAsync(member.Client, cancellationToken);
            return await YieldAsync(cluster, member.Uid, cancellationToken) ? null : version;
        }

        return await StartAsync(cluster, await secrets.ReadAsync(cluster, cancellationToken), cancellationToken);
    }

    private async Task<bool> IsCurrentAsync(MemberCluster member, Cluster cluster, CancellationToken cancellationToken)
    {
        if (member.Credentials.SecretVersion == secrets.FindSecretVersion(cluster))
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
            var version = await ClusterHealthCheck.CheckConnectionAsync(connection.Client, cancellationToken);
            var uid = await ClusterHealthCheck.GetClusterUidAsync(connection.Client, cancellationToken);
            if (await YieldAsync(cluster, uid, cancellationToken))
            {
                return null;
            }

            if (members.ShouldWaitForOlder(cluster))
            {
                queues.Clusters.AddAfter(NamespacedName.From(cluster), _pause);
                return null;
            }

            var served = await ClusterHealthCheck.TranslateErrorsAsync(
                () => ApiCapabilities.ReadAsync(connection.Client, cancellationToken));
            var isChanged = !ClusterFinalizer.KeepsPolicies(cluster)
                && await finalizer.EnsureAsync(cluster, isWanted: true, cancellationToken);
            isKept = true;
            return await StartAsync(cluster, uid, credentials, connection, served) && !isChanged ? version : null;
        }
        finally
        {
            if (!isKept)
            {
                connection.Dispose();
            }
        }
    }

    // The member closes the connection, whether it is started or not. False when there are to be no members any more.
    private async Task<bool> StartAsync(
        Cluster cluster, string? uid, ClusterCredentials credentials, MemberConnection connection, ApiCapabilities served)
    {
        var name = cluster.Metadata.Name!;
        await members.StopAsync(name);
        var member = factory.Create(name, uid, credentials, connection);
        var added = members.Add(member, cluster, uid is null ? null : Installation.ComputeClusterIdentity(uid));
        if (!added.IsAdded)
        {
            await member.DisposeAsync();
            return added.FindOlderDuplicate is { } older ? throw SameAs(older) : false;
        }

        if (added.Evicted is { } younger)
        {
            // Stop the younger member first, so that two members never work in the same cluster.
            await younger.DisposeAsync();
            queues.Clusters.Add(new NamespacedName("", younger.Name));
        }

        member.Start(served, () => queues.Clusters.Add(NamespacedName.From(cluster)));
        return true;
    }

    // If several Clusters connect to the same cluster, the hub has precedence, then the oldest. True if the object was changed; then this
    // version of it is out of date.
    private async Task<bool> YieldAsync(Cluster cluster, string? uid, CancellationToken cancellationToken)
    {
        if (uid is null)
        {
            return false;
        }

        var name = cluster.Metadata.Name!;
        var identity = Installation.ComputeClusterIdentity(uid);
        members.MarkChecked(name, identity);
        var first = uid == installation.ClusterUid ? ClusterSelectionMatcher.Local : members.FindOlderDuplicate(cluster, identity);
        if (first is null)
        {
            return false;
        }

        // When the older Cluster is deleted, its policies stay for this one. With the finalizer, this one removes them when it is deleted.
        await members.StopAsync(name);
        return first != ClusterSelectionMatcher.Local
            && !ClusterFinalizer.KeepsPolicies(cluster)
            && await finalizer.EnsureAsync(cluster, isWanted: true, cancellationToken)
            ? true
            : throw SameAs(first);
    }

    private static ClusterException SameAs(string cluster) => ClusterException.Failed(
        Reasons.SameCluster, $"the kubeconfig connects to the same cluster as {cluster}; select {cluster} and delete this Cluster, or delete {cluster} to use this one");
}

/// <summary>How to reach a member cluster and as whom.</summary>
/// <param name="Source">The address and credentials. Never logged.</param>
/// <param name="Digest">Changes with them.</param>
/// <param name="SecretVersion">Of the Secret that they were read from.</param>
internal sealed record ClusterCredentials(ConnectionSource Source, string Digest, string SecretVersion)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(ClusterCredentials);
}

/// <summary>A member cluster cannot be used, with the result for its status.</summary>
internal sealed class ClusterException(TargetResult result) : Exception(result.Message)
{
    public TargetResult Result { get; } = result;

    /// <summary>The user has to change something.</summary>
    public static ClusterException Failed(string reason, string message) => new(TargetResult.Failed(reason, message));

    /// <summary>It may pass by itself.</summary>
    public static ClusterException Pending(string reason, string message) => new(TargetResult.Pending(reason, message));
}
