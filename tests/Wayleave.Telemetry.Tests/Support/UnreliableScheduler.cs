using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Sessions;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>The real scheduler, whose first starts fail.</summary>
internal sealed class UnreliableScheduler : ITelemetryScheduler
{
    private readonly QuartzScheduler _scheduler;
    private readonly int _failures;
    private int _starts;

    public UnreliableScheduler(TelemetrySettings settings, int failures) =>
        (_scheduler, _failures) = (new QuartzScheduler(settings, Time), failures);

    public ManualTime Time { get; } = new();

    /// <summary>The number of attempts to start.</summary>
    public int Starts => Volatile.Read(ref _starts);

    public Task<IAsyncDisposable> StartAsync(
        ContextId context,
        Func<CancellationToken, Task> flush,
        Func<CancellationToken, Task> active,
        CancellationToken cancellationToken) =>
        Interlocked.Increment(ref _starts) > _failures
            ? _scheduler.StartAsync(context, flush, active, cancellationToken)
            : throw new InvalidOperationException("No thread can be started.");
}
