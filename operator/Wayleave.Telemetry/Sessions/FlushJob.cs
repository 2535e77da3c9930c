using Quartz;

namespace Wayleave.Telemetry.Sessions;

/// <summary>Flushes. A turn that comes while the last one is still running is left out.</summary>
[DisallowConcurrentExecution]
internal sealed class FlushJob(ScheduledWork work) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await work.Run(cancellationToken);
}
