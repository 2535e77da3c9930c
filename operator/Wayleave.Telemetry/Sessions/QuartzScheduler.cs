using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Sessions;

/// <summary>Schedules with Quartz, at the intervals of the settings.</summary>
internal sealed class QuartzScheduler(TelemetrySettings settings, TimeProvider time) : ITelemetryScheduler
{
    public async Task<IAsyncDisposable> StartAsync(
        ContextId context,
        Func<CancellationToken, Task> flush,
        Func<CancellationToken, Task> active,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await TelemetrySchedule.StartAsync(
            Work(settings.FlushInterval, flush), settings.Usage ? Work(settings.ActiveInterval, active) : null, time, cancellationToken);

        ScheduledWork Work(TimeSpan interval, Func<CancellationToken, Task> work) =>
            new(ScheduleJitter.Next(context, interval, now), interval, work);
    }
}
