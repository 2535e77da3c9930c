using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Wayleave.Telemetry.Sessions;

/// <summary>The Quartz scheduler of a session, with jobs in memory and its own service container, separate from other schedulers.</summary>
internal sealed class QuartzJobRunner : IAsyncDisposable
{
    private const int Jobs = 2;

    private readonly StandaloneSchedulerFactory _factory;

    private QuartzJobRunner(StandaloneSchedulerFactory factory) => _factory = factory;

    public static async Task<QuartzJobRunner> StartAsync(
        ScheduledWork flush, ScheduledWork? active, TimeProvider time, CancellationToken cancellationToken)
    {
        var factory = QuartzSchedulerBuilder.Create(quartz => Configure(quartz, flush, active, time)).Build();
        try
        {
            var scheduler = await factory.GetScheduler(cancellationToken);
            var flushJob = JobBuilder.Create<FlushJob>().WithIdentity("flush").Build();
            await scheduler.ScheduleJob(flushJob, Trigger(flush, "flush", time), cancellationToken: cancellationToken);
            if (active is not null)
            {
                var activeJob = JobBuilder.Create<ActiveJob>().WithIdentity("active").Build();
                await scheduler.ScheduleJob(activeJob, Trigger(active, "active", time), cancellationToken: cancellationToken);
            }

            await scheduler.Start(cancellationToken);
            return new QuartzJobRunner(factory);
        }
        catch
        {
            await factory.DisposeAsync();
            throw;
        }
    }

    /// <summary>No turn starts after this; one that is running is not waited for.</summary>
    public ValueTask DisposeAsync() => _factory.DisposeAsync();

    private static void Configure(IQuartzBuilder quartz, ScheduledWork flush, ScheduledWork? active, TimeProvider time)
    {
        quartz.Services.AddSingleton(time);
        quartz.ConfigureScheduler(options => options.InstanceName = "wayleave-telemetry")
            .UseInMemoryStore()
            .UseDefaultThreadPool(Jobs)
            .AddJobType(_ => new FlushJob(flush));
        if (active is not null)
        {
            quartz.AddJobType(_ => new ActiveJob(active));
        }
    }

    private static ITrigger Trigger(ScheduledWork work, string name, TimeProvider time) => TriggerBuilder.Create(time)
        .WithIdentity(name)
        .StartAt(work.First)
        .WithSchedule(SimpleScheduleBuilder.Create()
            .WithInterval(work.Interval)
            .RepeatForever()
            .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithExistingCount))
        .Build();
}
