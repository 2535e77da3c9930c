using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Recording;

namespace Wayleave.Operator.Hosting;

/// <summary>Waits for the API server, syncs the caches, acquires the lease, runs the leader's tasks, and stops in reverse order.</summary>
internal sealed class OperatorService(
    ApiServerReadiness readiness, ApiClients clients, HealthState health, LeaderTasks leaderTasks, InformerRunner tasks,
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
            var informers = await readiness.WaitAsync(health.SetWaiting, stop.Token);
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
        health.SetInformers(informers);
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

/// <summary>
/// The state of the readiness probe: ready once all caches have synced. The liveness probe has no state, because a slow API server must not
/// restart the operator. A long reconcile shows in <c>workqueue_longest_running_processor_seconds</c>.
/// </summary>
internal sealed class HealthState
{
    private volatile string _waitReason = "waiting for the API server";
    private volatile IReadOnlyList<IInformer>? _informers;

    /// <summary>The caches cannot sync yet.</summary>
    /// <param name="obstacle">The reason and the fix.</param>
    public void SetWaiting(string obstacle) => _waitReason = $"waiting: {obstacle}";

    /// <summary>The informers have been started.</summary>
    public void SetInformers(IReadOnlyList<IInformer> informers) => _informers = informers;

    /// <summary>Why it is not ready. Null if it is ready.</summary>
    public string? GetNotReadyReason()
    {
        if (_informers is not { } informers)
        {
            return _waitReason;
        }

        var missing = informers.Where(informer => !informer.HasSynced).Select(informer => informer.Resource).ToList();
        return missing.Count == 0 ? null : $"waiting for the first list of {string.Join(", ", missing)}";
    }
}
