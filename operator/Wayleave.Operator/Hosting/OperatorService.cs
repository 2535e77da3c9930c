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
