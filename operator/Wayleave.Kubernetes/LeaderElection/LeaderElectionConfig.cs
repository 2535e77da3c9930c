using k8s.Models;

namespace Wayleave.Kubernetes.LeaderElection;

/// <summary>Who contests which lease, and how fast. The defaults are those of client-go.</summary>
public sealed record LeaderElectionConfig
{
    public required string LeaseNamespace { get; init; }

    public required string LeaseName { get; init; }

    /// <summary>This process; unique among all that contest the lease.</summary>
    public required string Identity { get; init; }

    /// <summary>
    /// Whose end is the lease's too; null: nobody's. Asked when the lease is made, and never set later: to change owners can take the right to
    /// delete.
    /// </summary>
    public Func<V1OwnerReference?> Owner { get; init; } = static () => null;

    /// <summary>How long others wait after the last renewal before they take the lease.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the leader works on without a renewal. Shorter than <see cref="LeaseDuration"/>.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause between two tries to acquire or renew.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}
