namespace Wayleave.Api;

/// <summary>What telemetry counts of a Cluster. It is written together with the rest of the status, so that a count can neither be lost nor be made twice.</summary>
public sealed record ClusterTelemetry
{
    /// <summary>The metadata.generation that was connected to first.</summary>
    public long Generation { get; set; }

    /// <summary>How many times it was connected to with new credentials.</summary>
    public long Rotations { get; set; }
}
