using k8s.Models;
using Wayleave.Hosting;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Hosting;

/// <summary>
/// Waits until the API server responds, accepts the credentials and serves our kinds, and until the configured namespaces exist.
/// </summary>
internal sealed partial class ApiServerReadiness(
    ApiClients clients,
    DeclarationCache declarations,
    ClusterCache cache,
    NamespaceCheck namespaces,
    ApiServerWaiter waiter,
    ILogger<ApiServerReadiness> logger)
{
    private const string SystemNamespace = "kube-system";
    private const int PageSize = 500;

    /// <summary>Returns with the informers to run, given what is served.</summary>
    public Task<IReadOnlyList<IInformer>> WaitAsync(CancellationToken cancellationToken) =>
        waiter.WaitAsync(clients.Host, CheckAsync, cancellationToken);

    private async Task<(IReadOnlyList<IInformer> Informers, string? Reason)> CheckAsync(CancellationToken cancellationToken)
    {
        var version = await clients.Client.GetVersionAsync(cancellationToken);
        if (!await declarations.AreCrdsServedAsync(cancellationToken))
        {
            return ([], "the API server does not serve wayleave.dev/v1beta1: install the CRDs (kubectl apply -f crds/)");
        }

        if (await namespaces.FindMissingAsync(cancellationToken) is { } missing)
        {
            return ([], missing);
        }

        if (await ClusterUidAsync(cancellationToken) is not { } uid)
        {
            return ([], "the cluster has no namespace kube-system, whose UID identifies the installation");
        }

        cache.Installation.SetClusterUid(uid);
        var served = await ApiCapabilities.ReadAsync(clients.Client, cancellationToken) with
        {
            ServesClusters = await declarations.AreClustersServedAsync(cancellationToken),
            ServesObservedIntents = await declarations.AreObservedIntentsServedAsync(cancellationToken),
        };
        LogConnected(clients.Host, version.GitVersion, cache.Owner.Installation);
        Tell(served);
        return ([.. declarations.Informers(served), .. cache.Informers(served)], null);
    }

    // Without telemetry there is no permission to get kube-system by name, unless it cannot be listed.
    private async Task<string?> ClusterUidAsync(CancellationToken cancellationToken)
    {
        if (cache.OnlyNamespace is not null)
        {
            return (await clients.Client.GetAsync<V1Namespace>(SystemNamespace, null, cancellationToken))?.Metadata.Uid;
        }

        string? uid = null;
        var query = new ListOptions { MetadataOnly = true, Limit = PageSize };
        do
        {
            var page = await clients.Client.ListAsync<V1Namespace>(query, Look, cancellationToken);
            query = query with { ContinueToken = page.ContinueProperty };
        }
        while (uid is null && !string.IsNullOrEmpty(query.ContinueToken));
        return uid;

        void Look(V1Namespace found) => uid = found.Metadata.Name == SystemNamespace ? found.Metadata.Uid : uid;
    }

    private void Tell(ApiCapabilities served)
    {
        if (!served.ServesCronJobs)
        {
            LogNotServed("cronjobs.batch/v1", "workloads of that kind are not looked up");
        }

        if (!served.ServesEndpointSlices)
        {
            LogNotServed("endpointslices.discovery.k8s.io/v1", "endpoints are read instead");
        }

        if (declarations.Observed is not null && !served.ServesObservedIntents)
        {
            LogNotServed(
                "observedintents.wayleave.dev/v1beta1",
                "seen calls are not reported, and wildcard domains are not supported, until the CRDs are upgraded and the operator is"
                    + " restarted");
        }

        if (declarations.AreClustersEnabled && !served.ServesClusters)
        {
            LogNotServed(
                "clusters.wayleave.dev/v1beta1",
                "member clusters are ignored until the CRDs are upgraded and the operator is restarted");
        }
    }

    [LoggerMessage(LogLevel.Information, "Connected to {Host}, Kubernetes {Version}, as installation {Installation}")]
    private partial void LogConnected(Uri host, string? version, string installation);

    [LoggerMessage(LogLevel.Information, "This API server does not serve {Resource}: {Consequence}")]
    private partial void LogNotServed(string resource, string consequence);
}
