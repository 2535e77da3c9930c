namespace Wayleave.Telemetry.Sessions;

/// <summary>Something to do at every turn.</summary>
/// <param name="First">The first turn.</param>
/// <param name="Interval">From one turn to the next.</param>
/// <param name="Run">What to do. Must not throw.</param>
internal sealed record ScheduledWork(DateTimeOffset First, TimeSpan Interval, Func<CancellationToken, Task> Run);
