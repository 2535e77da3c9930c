namespace Wayleave.Api;

/// <summary>
/// Says that telemetry counts the object as applied. It is written together with the rest of the status, so that the count can neither be
/// lost nor be made twice; with telemetry off it is absent.
/// </summary>
public sealed record TelemetryMark
{
    /// <summary>The metadata.generation that was applied first.</summary>
    public long Generation { get; set; }
}
