using Wayleave.Api;
using Wayleave.Hosting;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;
using Wayleave.Mapper.Caching;
using Wayleave.Mapper.Observing;
using Wayleave.Mapper.Storage;

namespace Wayleave.Mapper.Hosting;

/// <summary>Waits for the API server, syncs the caches, acquires the lease, reads the stored map, and writes it.</summary>
internal sealed partial class MapperService(
    MapperApiClients clients, ClusterWatcher watcher, MapState state, MapStorage storage, ApiServerWaiter waiter,
    ILogger<MapperService> logger) : BackgroundService
{
    private static readonly TimeSpan _sweepInterval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var reading = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var background = Task.CompletedTask;
        try
        {
            var informers = await waiter.WaitAsync(clients.Host, CheckAsync, stop.Token);
            background = BackgroundTasks.RunAsync(
                informers.Select<IInformer, Func<CancellationToken, Task>>(informer => informer.RunAsync).Append(SweepAsync),
                stop,
                failed: null,
                reading.Token);
            await Task.WhenAll(informers.Select(informer => informer.WaitForSyncAsync(stop.Token)));
            LogSynced(watcher.Pods.Store.Count, watcher.Services.Store.Count);
            await (clients.Elector is { } elector
                ? elector.RunAsync(lost => LeadAsync(lost, stop.Token), stop.Token)
                : LeadAsync(CancellationToken.None, stop.Token));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped.
        }
        finally
        {
            await reading.CancelAsync();
            await background;
        }
    }

    private async Task LeadAsync(CancellationToken lost, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost, stopping);
        try
        {
            var stored = await storage.Reader.ReadAllAsync(either.Token);
            state.Start(stored);
            LogLeading(state.WorkloadCount, state.CallCount);
            await storage.Writer.RunAsync(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // Stopped, or the lease was lost.
        }
        finally
        {
            state.Stop();
        }
    }

    private async Task<(IReadOnlyList<IInformer> Informers, string? Reason)> CheckAsync(CancellationToken cancellationToken)
    {
        var version = await clients.Client.GetVersionAsync(cancellationToken);
        if (!await clients.Client.IsServedAsync<ObservedIntents>(cancellationToken))
        {
            return (
                [],
                "the API server does not serve observedintents.wayleave.dev/v1beta1: install the CRDs (kubectl apply -f crds/)");
        }

        LogConnected(clients.Host, version.GitVersion);
        return (watcher.Select(await clients.Client.IsServedAsync<PartialEndpointSlice>(cancellationToken)), null);
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_sweepInterval, storage.Time, cancellationToken);
                state.Sweep();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    [LoggerMessage(LogLevel.Information, "Connected to {Host}, Kubernetes {Version}")]
    private partial void LogConnected(Uri host, string? version);

    [LoggerMessage(LogLevel.Information, "Caches synced: {Pods} Pods, {Services} Services")]
    private partial void LogSynced(int pods, int services);

    [LoggerMessage(LogLevel.Information, "Read the stored map: {Workloads} workloads with {Calls} calls; accepting batches")]
    private partial void LogLeading(int workloads, int calls);
}

/// <summary>Reads and writes the stored map.</summary>
internal sealed record MapStorage(ObservedIntentsReader Reader, ObservedIntentsWriter Writer, TimeProvider Time);
