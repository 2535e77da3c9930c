using System.Text.Json;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Hosting;

/// <summary>
/// Waits until the cluster can be worked with: the API server answers, accepts the credentials and serves our kinds, and the namespaces
/// exist that the flags name. Says what it waits for.
/// </summary>
internal sealed partial class ClusterGate(
    ApiClients clients,
    DeclarationCache declarations,
    ClusterCache cache,
    NamespaceCheck namespaces,
    TimeProvider time,
    ILogger<ClusterGate> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    /// <summary>Returns with the informers to run, given what is served.</summary>
    /// <param name="waiting">Told each time what is waited for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<IInformer>> PassAsync(Action<string> waiting, CancellationToken cancellationToken)
    {
        var reminded = 0L;
        while (true)
        {
            var (served, obstacle) = await LookAsync(cancellationToken);
            if (obstacle is null)
            {
                return [.. declarations.Informers(served), .. cache.Informers(served)];
            }

            waiting(obstacle);
            if (reminded == 0 || time.GetElapsedTime(reminded) >= Reminder)
            {
                reminded = time.GetTimestamp();
                LogWaiting(obstacle);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task<(ServedKinds Served, string? Obstacle)> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var version = await clients.Client.GetVersionAsync(cancellationToken);
            if (!await declarations.AreServedAsync(cancellationToken))
            {
                return (default, "the API server does not serve wayleave.dev/v1beta1: install the CRDs (kubectl apply -f crds/)");
            }

            if (await namespaces.FindMissingAsync(cancellationToken) is { } missing)
            {
                return (default, missing);
            }

            var served = await ServedKinds.ReadAsync(clients.Client, cancellationToken) with { Clusters = await declarations.AreClustersServedAsync(cancellationToken) };
            LogConnected(clients.Host, version.GitVersion);
            Tell(served);
            return (served, null);
        }
        catch (Exception error) when (error is KubernetesException or HttpRequestException or TimeoutException or JsonException)
        {
            return (default, $"the API server at {clients.Host} does not answer as it should: {error.Message}");
        }
    }

    private void Tell(ServedKinds served)
    {
        if (!served.CronJobs)
        {
            LogNotServed("cronjobs.batch/v1", "workloads of that kind are not looked up");
        }

        if (!served.EndpointSlices)
        {
            LogNotServed("endpointslices.discovery.k8s.io/v1", "endpoints are read instead");
        }

        if (declarations.WantsClusters && !served.Clusters)
        {
            LogNotServed("clusters.wayleave.dev/v1beta1", "no member cluster is enforced in until the CRDs are upgraded and the operator is restarted");
        }
    }

    [LoggerMessage(LogLevel.Warning, "Waiting: {Obstacle}")]
    private partial void LogWaiting(string obstacle);

    [LoggerMessage(LogLevel.Information, "Connected to {Host}, Kubernetes {Version}.")]
    private partial void LogConnected(Uri host, string? version);

    [LoggerMessage(LogLevel.Information, "This API server does not serve {Resource}: {Consequence}.")]
    private partial void LogNotServed(string resource, string consequence);
}
