using Wayleave.Kubernetes.Informers;

namespace Wayleave.Operator.Hosting;

/// <summary>The operator's life: wait for the cluster, fill the caches, take the lead, work, stop in order.</summary>
internal sealed class OperatorService(
    ApiServerReadiness gate, ApiClients clients, HealthState health, LeaderTasks leadership, InformerRunner tasks) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var reading = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var background = Task.CompletedTask;
        leadership.StandBy();
        try
        {
            var informers = await gate.PassAsync(health.Waiting, stop.Token);
            background = tasks.RunAsync(informers, stop, reading.Token);
            await WorkAsync(informers, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped before there was anything to do.
        }
        finally
        {
            await reading.CancelAsync();
            await background;
        }
    }

    // Once in a life, and before there is work to hold up: what the first lists left behind is never as much again, and a process at rest
    // would keep it.
    private static void GiveBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private async Task WorkAsync(IReadOnlyList<IInformer> informers, CancellationToken stopping)
    {
        health.Started(informers);
        await Task.WhenAll(informers.Select(informer => informer.SyncedAsync(stopping)));
        GiveBack();
        await (clients.Elector is { } elector
            ? elector.RunAsync(lost => leadership.LeadAsync(lost, stopping), stopping)
            : leadership.LeadAsync(CancellationToken.None, stopping));
    }
}

/// <summary>
/// What the readiness probe answers: ready once all caches have synced. Liveness has no state: that the process answers is what it says.
/// How long a request to some API server takes must never restart the operator, which acts in other clusters too; a worker that is busy for
/// long shows in <c>workqueue_longest_running_processor_seconds</c>.
/// </summary>
internal sealed class HealthState
{
    private volatile string _obstacle = "waiting for the API server";
    private volatile IReadOnlyList<IInformer>? _informers;

    /// <summary>The caches cannot be filled yet.</summary>
    /// <param name="obstacle">Why, and what to do about it.</param>
    public void Waiting(string obstacle) => _obstacle = $"waiting: {obstacle}";

    /// <summary>Called when the informers have been started.</summary>
    public void Started(IReadOnlyList<IInformer> informers) => _informers = informers;

    /// <summary>Why it is not ready; null when it is.</summary>
    public string? NotReady()
    {
        if (_informers is not { } informers)
        {
            return _obstacle;
        }

        var missing = informers.Where(informer => !informer.HasSynced).Select(informer => informer.Resource).ToList();
        return missing.Count == 0 ? null : $"waiting for the first list of {string.Join(", ", missing)}";
    }
}
