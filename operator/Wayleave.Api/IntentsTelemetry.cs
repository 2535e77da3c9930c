namespace Wayleave.Api;

/// <summary>
/// What telemetry counts of a ClientIntents. It is written together with the rest of the status, so that a count can neither be lost nor
/// be made twice; with telemetry off it is absent. Only numbers made from it ever leave the cluster.
/// </summary>
public sealed record IntentsTelemetry
{
    /// <summary>The metadata.generation that was counted last.</summary>
    public long Generation { get; set; }

    /// <summary>The targets of every generation that was ever applied, added up.</summary>
    public IntentTally Applied { get; set; } = new();

    /// <summary>The targets of the generation that was applied last.</summary>
    public IntentTally Current { get; set; } = new();
}
