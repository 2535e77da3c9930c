using Quartz;

namespace Wayleave.Telemetry.Sessions;

/// <summary>Counts ACTIVE.</summary>
[DisallowConcurrentExecution]
internal sealed class ActiveJob(ScheduledWork work) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await work.Run(cancellationToken);
}
