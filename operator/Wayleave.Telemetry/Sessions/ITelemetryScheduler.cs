using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Sessions;

/// <summary>Runs a session's work at its intervals.</summary>
internal interface ITelemetryScheduler
{
    /// <param name="context">Places the turns in their intervals, so that a fleet does not report in the same second.</param>
    /// <param name="flush">Done at every turn of the flush interval. Must not throw.</param>
    /// <param name="active">Done at every turn of the ACTIVE interval, if usage is counted. Must not throw.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>The running schedule. After it is disposed no turn starts; one that is running is not waited for.</returns>
    Task<IAsyncDisposable> StartAsync(
        ContextId context,
        Func<CancellationToken, Task> flush,
        Func<CancellationToken, Task> active,
        CancellationToken cancellationToken);
}
