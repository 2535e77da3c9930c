using Wayleave.Kubernetes.Events;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Hosting;

/// <summary>The operator's life: wait for the cluster, fill the caches, take the lead, work, stop in order.</summary>
internal sealed class OperatorService(
    ClusterGate gate, ClusterCache cache, ApiClients clients, HealthState health, Leadership leadership, EventRecorder events) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var reading = new CancellationTokenSource();
        var background = new List<Task>();
        try
        {
            var informers = cache.Informers(await gate.PassAsync(stoppingToken));
            background.AddRange(informers.Select(informer => Task.Run(() => informer.RunAsync(reading.Token), CancellationToken.None)));
            background.Add(events.RunAsync(reading.Token));
            health.Started(informers);
            var synced = Task.WhenAll(informers.Select(informer => informer.SyncedAsync(stoppingToken)));
            await Task.WhenAny([synced, .. background]);
            await synced;
            await WorkAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before there was anything to do.
        }
        finally
        {
            await reading.CancelAsync();
            await Task.WhenAll(background);
        }
    }

    private Task WorkAsync(CancellationToken stopping) => clients.Elector is { } elector
        ? elector.RunAsync(lost => leadership.LeadAsync(lost, stopping), stopping)
        : leadership.LeadAsync(CancellationToken.None, stopping);
}
