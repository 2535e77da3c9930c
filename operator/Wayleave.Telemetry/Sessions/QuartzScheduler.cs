using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Quartz;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Sessions;

/// <summary>
/// Schedules with Quartz, at the intervals of the settings. Each session has a scheduler of its own, with jobs in memory and its own
/// service container, separate from other schedulers.
/// </summary>
internal sealed class QuartzScheduler(TelemetrySettings settings, TimeProvider time) : ITelemetryScheduler
{
    private const int Jobs = 2;

    public async Task<IAsyncDisposable> StartAsync(
        ContextId context, Func<CancellationToken, Task> flush, Func<CancellationToken, Task> active, CancellationToken cancellationToken)
    {
        var factory = QuartzSchedulerBuilder.Create(Configure).Build();
        try
        {
            var scheduler = await factory.GetScheduler(cancellationToken);
            await ScheduleAsync(JobBuilder.Create<FlushJob>().WithIdentity("flush").Build(), settings.FlushInterval);
            if (settings.Usage)
            {
                await ScheduleAsync(JobBuilder.Create<ActiveJob>().WithIdentity("active").Build(), settings.ActiveInterval);
            }

            await scheduler.Start(cancellationToken);
            return factory;

            async Task ScheduleAsync(IJobDetail job, TimeSpan interval) =>
                await scheduler.ScheduleJob(job, CreateTrigger(job.Key.Name, context, interval), cancellationToken: cancellationToken);
        }
        catch
        {
            await factory.DisposeAsync();
            throw;
        }

        void Configure(IQuartzBuilder quartz)
        {
            quartz.Services.AddSingleton(time);
            quartz.ConfigureScheduler(options => options.InstanceName = "wayleave-telemetry")
                .UseInMemoryStore()
                .UseDefaultThreadPool(Jobs)
                .AddJobType(_ => new FlushJob(flush))
                .AddJobType(_ => new ActiveJob(active));
        }
    }

    private ITrigger CreateTrigger(string name, ContextId context, TimeSpan interval) => TriggerBuilder.Create(time)
        .WithIdentity(name)
        .StartAt(ScheduleJitter.GetNextRun(context, interval, time.GetUtcNow()))
        .WithSchedule(SimpleScheduleBuilder.Create()
            .WithInterval(interval)
            .RepeatForever()
            .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithExistingCount))
        .Build();
}

/// <summary>Runs a session's work at its intervals.</summary>
internal interface ITelemetryScheduler
{
    /// <param name="context">Determines the offset in the interval, so that a fleet does not report at the same time.</param>
    /// <param name="flush">Done at every turn of the flush interval. Must not throw.</param>
    /// <param name="active">Done at every turn of the ACTIVE interval, if usage is counted. Must not throw.</param>
    /// <returns>The running schedule. After it is disposed no turn starts; one that is running is not waited for.</returns>
    Task<IAsyncDisposable> StartAsync(
        ContextId context, Func<CancellationToken, Task> flush, Func<CancellationToken, Task> active, CancellationToken cancellationToken);
}

/// <summary>
/// The schedule offset of a cluster, derived from its context ID, so that a fleet does not report at the same time. The offset is fixed, so
/// a restart neither delays nor repeats a run. Pure.
/// </summary>
internal static class ScheduleJitter
{
    private const int Digits = 15;

    /// <summary>The first turn from <paramref name="now"/> on: less than one interval away.</summary>
    public static DateTimeOffset GetNextRun(ContextId context, TimeSpan interval, DateTimeOffset now)
    {
        var place = long.Parse(context.Value.AsSpan(0, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var sinceTurn = (now.UtcTicks - (place % interval.Ticks)) % interval.Ticks;
        return sinceTurn == 0 ? now : now.AddTicks(interval.Ticks - sinceTurn);
    }
}

[DisallowConcurrentExecution]
internal sealed class ActiveJob(Func<CancellationToken, Task> run) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await run(cancellationToken);
}

/// <summary>Flushes. A run is skipped while the previous one is still running.</summary>
[DisallowConcurrentExecution]
internal sealed class FlushJob(Func<CancellationToken, Task> run) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await run(cancellationToken);
}
