namespace Wayleave.Telemetry.Profile;

/// <summary>Where ACTIVE's description of the cluster comes from.</summary>
public interface IClusterProfileSource
{
    /// <summary>
    /// Called once for each ACTIVE, from a scheduler's thread. If it fails, or takes longer than 30 seconds, ACTIVE is sent without
    /// the description.
    /// </summary>
    Task<ClusterProfile> ReadAsync(CancellationToken cancellationToken);
}
