using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Caching;
using Wayleave.Telemetry.Profile;

namespace Wayleave.Operator.Telemetry;

/// <summary>Reads the cluster's size from the caches; nodes and the version cost one request each.</summary>
internal sealed class ClusterProfileReader(
    IKubernetesClient client, DeclarationCache declarations, ClusterCache cache) : IClusterProfileSource
{
    public async Task<ClusterProfile> ReadAsync(CancellationToken cancellationToken)
    {
        var version = await client.GetVersionAsync(cancellationToken);
        return new ClusterProfile
        {
            Intents = SizeBucketing.FromCount(declarations.Intents.Store.Count),
            Policies = SizeBucketing.FromCount(declarations.Enforcements.Store.Count),
            Clusters = SizeBucketing.FromCount(declarations.Clusters.Store.Count),
            Namespaces = SizeBucketing.FromCount(cache.Namespaces.Store.Count),
            Nodes = SizeBucketing.FromCount(await NodesAsync(cancellationToken)),
            KubernetesMinor = ApiCapabilities.ParseMinor(version),
            Changes = Changes(),
        };
    }

    private async Task<long> NodesAsync(CancellationToken cancellationToken)
    {
        var options = new ListOptions { Limit = 1, MetadataOnly = true };
        var page = await client.ListAsync<V1Node>(options, cancellationToken);
        return page.Items.Count + (page.Metadata.RemainingItemCount ?? 0);
    }

    private ChangeSources Changes() =>
        declarations.Intents.Store.List().Aggregate(
            ChangeSources.None, (sources, intents) => sources | FieldManagers.GetSources(intents.Metadata));
}
