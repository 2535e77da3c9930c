using System.Globalization;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Caching;
using Wayleave.Telemetry.Active;

namespace Wayleave.Operator.Telemetry;

/// <summary>Reads the cluster's size from the caches; nodes and the version cost one request each.</summary>
internal sealed class ClusterShapeSource(IKubernetesClient client, DeclarationCache declarations, ClusterCache cache) : IActiveShapeSource
{
    public async Task<ActiveShape> ReadAsync(CancellationToken cancellationToken)
    {
        var version = await client.GetVersionAsync(cancellationToken);
        return new ActiveShape
        {
            Intents = SizeBuckets.Of(declarations.Intents.Store.Count),
            Policies = SizeBuckets.Of(declarations.Enforcements.Store.Count),
            Clusters = SizeBuckets.Of(declarations.Clusters.Store.Count),
            Namespaces = SizeBuckets.Of(cache.Namespaces.Store.Count),
            Nodes = SizeBuckets.Of(await NodesAsync(cancellationToken)),
            KubernetesMinor = Minor(version.Minor),
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
        declarations.Intents.Store.List().Aggregate(ChangeSources.None, (sources, intents) => sources | FieldManagers.SourceOf(intents.Metadata));

    // Some providers write 21+.
    private static int? Minor(string? text) =>
        int.TryParse(text?.TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var minor) ? minor : null;
}
