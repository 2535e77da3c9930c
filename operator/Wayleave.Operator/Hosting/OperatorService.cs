using Wayleave.Kubernetes.Events;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Hosting;

/// <summary>The operator's life: wait for the cluster, fill the caches, take the lead, work, stop in order.</summary>
internal sealed class OperatorService(
    ClusterGate gate, ClusterCache cache, ApiClients clients, HealthState health, Leadership leadership, EventRecorder events) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var reading = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var background = new List<Task>();
        try
        {
            var informers = cache.Informers(await gate.PassAsync(stop.Token));
            background.AddRange(informers.Select(informer => GuardAsync(informer.RunAsync, stop, reading.Token)));
            background.Add(GuardAsync(events.RunAsync, stop, reading.Token));
            await WorkAsync(informers, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped before there was anything to do.
        }
        finally
        {
            await reading.CancelAsync();
            await Task.WhenAll(background);
        }
    }

    private async Task WorkAsync(IReadOnlyList<IInformer> informers, CancellationToken stopping)
    {
        health.Started(informers);
        await Task.WhenAll(informers.Select(informer => informer.SyncedAsync(stopping)));
        await (clients.Elector is { } elector
            ? elector.RunAsync(lost => leadership.LeadAsync(lost, stopping), stopping)
            : leadership.LeadAsync(CancellationToken.None, stopping));
    }

    // A cache that nobody feeds any more must not be worked from: everything stops, in order, and the program ends with a failure.
    private static Task GuardAsync(Func<CancellationToken, Task> run, CancellationTokenSource stop, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            try
            {
                await run(cancellationToken);
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        },
        CancellationToken.None);
}
