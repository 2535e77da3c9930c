using k8s.Models;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Kubernetes.LeaderElection;

/// <summary>The options of leader election. The defaults are those of client-go.</summary>
public sealed record LeaderElectionConfig
{
    public required string LeaseNamespace { get; init; }

    public required string LeaseName { get; init; }

    /// <summary>The identity of this process. It must be unique among the candidates.</summary>
    public required string Identity { get; init; }

    /// <summary>
    /// Owner reference to set on the lease, so that it is garbage-collected with its owner. Null for none. Set only when the lease is
    /// created: changing an owner can require the permission to delete it.
    /// </summary>
    public Func<V1OwnerReference?> OwnerReference { get; init; } = static () => null;

    /// <summary>How long other candidates wait after the last renewal before they acquire the lease.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the leader acts without a renewal. Must be shorter than <see cref="LeaseDuration"/>.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The delay between two attempts to acquire or renew.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>
/// Reads and writes the lease. Each write carries the resource version that was read, so that one of two candidates gets a conflict.
/// </summary>
internal sealed class LeaseLock(IKubernetesClient client, LeaderElectionConfig config)
{
    public Task<V1Lease?> ReadAsync(CancellationToken cancellationToken) =>
        client.GetAsync<V1Lease>(config.LeaseName, config.LeaseNamespace, cancellationToken);

    public Task<V1Lease> CreateAsync(V1LeaseSpec spec, CancellationToken cancellationToken) =>
        client.CreateAsync(
            new V1Lease
            {
                Metadata = new()
                {
                    Name = config.LeaseName,
                    NamespaceProperty = config.LeaseNamespace,
                    OwnerReferences = config.OwnerReference() is { } owner ? [owner] : null,
                },
                Spec = spec,
            },
            cancellationToken);

    /// <summary>Uses a merge patch, to keep fields that newer versions of Kubernetes add.</summary>
    public Task<V1Lease> WriteAsync(string resourceVersion, V1LeaseSpec spec, CancellationToken cancellationToken)
    {
        var change = new V1Lease { Metadata = new V1ObjectMeta { ResourceVersion = resourceVersion }, Spec = spec };
        return client.MergePatchAsync(config.LeaseName, config.LeaseNamespace, change, cancellationToken);
    }
}

/// <summary>The last observed lease and its age by the local clock. Used by one task; <see cref="RemainingTime"/> is thread-safe.</summary>
internal sealed class ObservedLease(LeaderElectionConfig config, TimeProvider time)
{
    private long _observedAt;
    private long _renewedAt;

    public V1Lease? Lease { get; private set; }

    public bool IsHeldByMe => Lease?.Spec?.HolderIdentity == config.Identity;

    /// <summary>Whether it can be acquired: it has no holder, or its holder did not renew it within its duration.</summary>
    public bool IsExpired =>
        string.IsNullOrEmpty(Lease?.Spec?.HolderIdentity)
        || time.GetElapsedTime(_observedAt).TotalSeconds > (Lease.Spec.LeaseDurationSeconds ?? config.LeaseDuration.TotalSeconds);

    /// <summary>The time until the renew deadline. Negative after it.</summary>
    public TimeSpan RemainingTime => config.RenewDeadline - time.GetElapsedTime(Volatile.Read(ref _renewedAt));

    /// <summary>A lease was read. Its age starts after the response, because its holder may have renewed it just before.</summary>
    public void Observe(V1Lease lease)
    {
        if (Lease?.Metadata.ResourceVersion != lease.Metadata.ResourceVersion)
        {
            _observedAt = time.GetTimestamp();
        }

        Lease = lease;
    }

    /// <summary>
    /// This process wrote the lease with a request that started at <paramref name="startedAt"/>. Its age starts before the request, so that
    /// the lease never expires later here than for other candidates.
    /// </summary>
    public void MarkRenewed(V1Lease lease, long startedAt)
    {
        Observe(lease);
        Volatile.Write(ref _renewedAt, startedAt);
    }

    public void Forget() => Lease = null;
}
