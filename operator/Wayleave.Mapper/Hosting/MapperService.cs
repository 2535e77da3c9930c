using System.Text.Json;
using k8s;
using Wayleave.Api;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;
using Wayleave.Mapper.Caching;
using Wayleave.Mapper.Observing;
using Wayleave.Mapper.Storage;

namespace Wayleave.Mapper.Hosting;

/// <summary>Waits for the API server, syncs the caches, acquires the lease, reads the stored map, and writes it.</summary>
internal sealed partial class MapperService(
    MapperClients clients, ClusterWatcher watcher, MapState state, MapStorage storage, HealthState health,
    ILogger<MapperService> logger) : BackgroundService
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _reminder = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _sweepInterval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var reading = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var background = Task.CompletedTask;
        try
        {
            var informers = await WaitForApiServerAsync(stop.Token);
            background = RunBackgroundAsync(informers, stop, reading.Token);
            health.SetInformers(informers);
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

    /// <summary>Returns with the informers to run, given what is served.</summary>
    private async Task<IReadOnlyList<IInformer>> WaitForApiServerAsync(CancellationToken cancellationToken)
    {
        var reminded = 0L;
        while (true)
        {
            var (servesSlices, obstacle) = await CheckAsync(cancellationToken);
            if (obstacle is null)
            {
                return watcher.Select(servesSlices);
            }

            health.SetWaiting(obstacle);
            if (reminded == 0 || storage.Time.GetElapsedTime(reminded) >= _reminder)
            {
                reminded = storage.Time.GetTimestamp();
                LogWaiting(obstacle);
            }

            await Task.Delay(_pause, storage.Time, cancellationToken);
        }
    }

    private async Task<(bool ServesSlices, string? Obstacle)> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            var version = await clients.Client.GetVersionAsync(cancellationToken);
            if (!await clients.Client.IsServedAsync<ObservedIntents>(cancellationToken))
            {
                return (
                    false,
                    "the API server does not serve observedintents.wayleave.dev/v1beta1: install the CRDs (kubectl apply -f crds/)");
            }

            LogConnected(clients.Host, version.GitVersion);
            return (await clients.Client.IsServedAsync<PartialEndpointSlice>(cancellationToken), null);
        }
        catch (Exception error) when (
            error is KubernetesException or HttpRequestException or TimeoutException or JsonException or InvalidDataException)
        {
            return (false, $"the API server at {clients.Host} is not available: {error.Message}");
        }
    }

    // If one of them fails, everything stops in order and the program ends with that failure: a cache that is no longer updated must not be
    // used.
    private Task RunBackgroundAsync(
        IReadOnlyList<IInformer> informers, CancellationTokenSource stop, CancellationToken cancellationToken) =>
        Task.WhenAll(informers.Select<IInformer, Func<CancellationToken, Task>>(informer => informer.RunAsync)
            .Append(SweepAsync)
            .Select(run => Task.Run(() => GuardAsync(run, stop, cancellationToken), CancellationToken.None)));

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

    private static async Task GuardAsync(
        Func<CancellationToken, Task> run, CancellationTokenSource stop, CancellationToken cancellationToken)
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
    }

    [LoggerMessage(LogLevel.Warning, "Waiting: {Obstacle}")]
    private partial void LogWaiting(string obstacle);

    [LoggerMessage(LogLevel.Information, "Connected to {Host}, Kubernetes {Version}")]
    private partial void LogConnected(Uri host, string? version);

    [LoggerMessage(LogLevel.Information, "Caches synced: {Pods} Pods, {Services} Services")]
    private partial void LogSynced(int pods, int services);

    [LoggerMessage(LogLevel.Information, "Taking batches; the stored map has {Workloads} workloads with {Calls} calls")]
    private partial void LogLeading(int workloads, int calls);
}

/// <summary>Reads and writes the stored map.</summary>
internal sealed record MapStorage(ObservedIntentsReader Reader, ObservedIntentsWriter Writer, TimeProvider Time);
