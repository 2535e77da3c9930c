using Wayleave.Operator.Clusters;
using Wayleave.Operator.Reconciling;
using Wayleave.Telemetry.Sessions;

namespace Wayleave.Operator.Hosting;

/// <summary>Runs controllers and telemetry while this process is the leader.</summary>
internal sealed class LeaderTasks(
    ControllerManager manager, LeaderTermState term, IEnumerable<TelemetrySession> telemetry, TimeProvider time)
{
    // Both, and the release of the lease, fit into the ten seconds of a graceful stop.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(3);

    private readonly IReadOnlyList<TelemetrySession> _telemetry = [.. telemetry];

    /// <summary>Stops the queues: changes are cached but not reconciled.</summary>
    public void StandBy() => manager.PauseQueues();

    /// <summary>
    /// Runs until <paramref name="stopping"/>, then finishes the keys in progress within four seconds and flushes telemetry; or until
    /// <paramref name="lost"/>, then stops at once.
    /// </summary>
    public async Task LeadAsync(CancellationToken lost, CancellationToken stopping)
    {
        term.Clear();
        manager.ResumeQueues();
        try
        {
            await WorkAsync(lost, stopping);
        }
        finally
        {
            StandBy();
        }
    }

    private async Task WorkAsync(CancellationToken lost, CancellationToken stopping)
    {
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(lost);
        await using var limit = time.CreateTimer(
            static source => ((CancellationTokenSource)source!).Cancel(), abort, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var drain = stopping.Register(() => limit.Change(DrainTime, Timeout.InfiniteTimeSpan));
        var started = StartTelemetryAsync(abort.Token);
        await Task.WhenAll(manager.Controllers.Select(controller => controller.RunAsync(stopping, abort.Token)));
        await started;
        await StopTelemetryAsync(lost);
    }

    private async Task StartTelemetryAsync(CancellationToken cancellationToken)
    {
        foreach (var session in _telemetry)
        {
            await session.StartAsync(cancellationToken);
        }
    }

    private async Task StopTelemetryAsync(CancellationToken lost)
    {
        using var limit = new CancellationTokenSource(FlushTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost, limit.Token);
        foreach (var session in _telemetry)
        {
            await session.StopAsync(either.Token);
        }
    }
}

/// <summary>The state of a leader term. Another process may have led since an earlier term, so none of it holds in the next.</summary>
internal sealed class LeaderTermState(ClusterComponents local, MemberClusterManager members, StatusConflicts conflicts)
{
    /// <summary>Clears it. Call before the controllers run.</summary>
    public void Clear()
    {
        local.Clear();
        members.Clear();
        conflicts.Clear();
    }
}
