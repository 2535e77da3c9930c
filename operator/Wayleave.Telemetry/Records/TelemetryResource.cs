using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Records;

/// <summary>Who sends: the same in every record of a session.</summary>
/// <param name="Context">The cluster.</param>
/// <param name="InstanceId">The installation.</param>
/// <param name="Version">The program's version.</param>
internal sealed record TelemetryResource(ContextId Context, Guid InstanceId, SemanticVersion Version);
