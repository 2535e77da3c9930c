using k8s.Models;

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
