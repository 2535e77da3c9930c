namespace Wayleave.Telemetry.Objects;

/// <summary>An object that is gone.</summary>
/// <param name="Id">Which.</param>
/// <param name="Usage">What its last state said.</param>
/// <param name="Position">Where in the kind's stream of changes it went.</param>
public sealed record DeletedObject(ObjectId Id, ObjectUsage Usage, long Position);
