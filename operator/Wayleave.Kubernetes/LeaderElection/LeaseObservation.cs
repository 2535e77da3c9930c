using k8s.Models;

namespace Wayleave.Kubernetes.LeaderElection;

/// <summary>The lease as this process last saw it, and how long ago by its own clock. Used by one task; <see cref="Left"/> by any.</summary>
internal sealed class LeaseObservation(LeaderElectionConfig config, TimeProvider time)
{
    private long _observedAt;
    private long _renewedAt;

    public V1Lease? Lease { get; private set; }

    public bool IsMine => Lease?.Spec?.HolderIdentity == config.Identity;

    /// <summary>Whether it may be taken: nobody holds it, or its holder has not been seen to renew it for longer than it said.</summary>
    public bool IsFree
    {
        get
        {
            if (string.IsNullOrEmpty(Lease?.Spec?.HolderIdentity))
            {
                return true;
            }

            var duration = TimeSpan.FromSeconds(Lease.Spec.LeaseDurationSeconds ?? config.LeaseDuration.TotalSeconds);
            return time.GetElapsedTime(_observedAt) > duration;
        }
    }

    /// <summary>What is left of the time that this process may act without another renewal; negative when it is over.</summary>
    public TimeSpan Left => config.RenewDeadline - time.GetElapsedTime(Volatile.Read(ref _renewedAt));

    /// <summary>
    /// Another's lease was read. Its age counts from after the answer: the holder may have renewed it just before, and may act for as long as
    /// it says from then on.
    /// </summary>
    public void Read(V1Lease lease)
    {
        if (Lease?.Metadata.ResourceVersion != lease.Metadata.ResourceVersion)
        {
            _observedAt = time.GetTimestamp();
        }

        Lease = lease;
    }

    /// <summary>
    /// The own lease was written by a request that began at <paramref name="startedAt"/>. Its age counts from before the request, so that it
    /// never seems to last longer here than elsewhere.
    /// </summary>
    public void Written(V1Lease lease, long startedAt)
    {
        Read(lease);
        Volatile.Write(ref _renewedAt, startedAt);
    }

    public void Forget() => Lease = null;
}
