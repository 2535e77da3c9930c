using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Recording;

namespace Wayleave.Operator.Hosting;

/// <summary>Waits for the API server, syncs the caches, acquires the lease, runs the leader's tasks, and stops in reverse order.</summary>
internal sealed class OperatorService(
    ApiServerReadiness readiness, ApiClients clients, LeaderTasks leaderTasks, InformerRunner tasks,
    OperatorEventRecorder events) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var reading = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var background = Task.CompletedTask;
        leaderTasks.StandBy();
        events.ProcessStarted();
        try
        {
            var informers = await readiness.WaitAsync(stop.Token);
            background = tasks.RunAsync(informers, stop, reading.Token);
            await WorkAsync(informers, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped before the caches synced.
        }
        finally
        {
            await reading.CancelAsync();
            await background;
            events.ProcessStopped();
        }
    }

    // Compact the heap once after the initial sync. An idle process would otherwise keep that garbage.
    private static void CompactHeap() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private async Task WorkAsync(IReadOnlyList<IInformer> informers, CancellationToken stopping)
    {
        await Task.WhenAll(informers.Select(informer => informer.WaitForSyncAsync(stopping)));
        CompactHeap();
        events.CachesSynced();
        await (clients.Elector is { } elector
            ? elector.RunAsync(lost => LeadAsync(lost, stopping), stopping)
            : LeadAsync(CancellationToken.None, stopping));
    }

    private async Task LeadAsync(CancellationToken lost, CancellationToken stopping)
    {
        events.LeadershipGained(clients.Elector?.Transitions);
        try
        {
            await leaderTasks.LeadAsync(lost, stopping);
        }
        finally
        {
            events.LeadershipLost(stopping.IsCancellationRequested);
        }
    }
}
