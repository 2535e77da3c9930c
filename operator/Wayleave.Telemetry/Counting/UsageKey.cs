using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Counting;

/// <summary>What is counted apart: an event, and for ERRORS also where and what.</summary>
/// <param name="Event">The event.</param>
/// <param name="Error">Set for ERRORS only.</param>
internal sealed record UsageKey(UsageEvent Event, ErrorOrigin? Error = null);
