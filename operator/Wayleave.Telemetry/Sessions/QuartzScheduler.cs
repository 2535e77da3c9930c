using System.Globalization;
using Quartz;
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
        return await QuartzJobRunner.StartAsync(
            Work(settings.FlushInterval, flush), settings.Usage ? Work(settings.ActiveInterval, active) : null, time, cancellationToken);

        ScheduledWork Work(TimeSpan interval, Func<CancellationToken, Task> work) =>
            new(ScheduleJitter.Next(context, interval, now), interval, work);
    }
}

/// <summary>Runs a session's work at its intervals.</summary>
internal interface ITelemetryScheduler
{
    /// <param name="context">Determines the offset in the interval, so that a fleet does not report at the same time.</param>
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

/// <summary>A periodic job.</summary>
/// <param name="First">The first turn.</param>
/// <param name="Interval">From one turn to the next.</param>
/// <param name="Run">What to do. Must not throw.</param>
internal sealed record ScheduledWork(DateTimeOffset First, TimeSpan Interval, Func<CancellationToken, Task> Run);

/// <summary>
/// The schedule offset of a cluster, derived from its context ID, so that a fleet does not report at the same time. The offset is fixed, so
/// a restart neither delays nor repeats a run. Pure.
/// </summary>
internal static class ScheduleJitter
{
    private const int Digits = 15;

    /// <summary>The first turn from <paramref name="now"/> on: less than one interval away.</summary>
    public static DateTimeOffset Next(ContextId context, TimeSpan interval, DateTimeOffset now)
    {
        var place = long.Parse(context.Value.AsSpan(0, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var sinceTurn = (now.UtcTicks - (place % interval.Ticks)) % interval.Ticks;
        return sinceTurn == 0 ? now : now.AddTicks(interval.Ticks - sinceTurn);
    }
}

/// <summary>Counts ACTIVE.</summary>
[DisallowConcurrentExecution]
internal sealed class ActiveJob(ScheduledWork work) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await work.Run(cancellationToken);
}

/// <summary>Flushes. A run is skipped while the previous one is still running.</summary>
[DisallowConcurrentExecution]
internal sealed class FlushJob(ScheduledWork work) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await work.Run(cancellationToken);
}
