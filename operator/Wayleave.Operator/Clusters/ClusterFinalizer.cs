using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Operator.Clusters;

/// <summary>Adds and removes the finalizer of a Cluster. The patch carries the resourceVersion; a conflict is retried.</summary>
internal sealed class ClusterFinalizer(IKubernetesClient client)
{
    /// <summary>Whether the policies of a Cluster are to stay when it goes.</summary>
    public static bool KeepsPolicies(Cluster cluster) =>
        cluster.Spec.OnDelete == ClusterDeletionPolicy.Orphan || cluster.Metadata.Annotations.Find(WayleaveLabels.Orphan) == "true";

    public static bool HasFinalizer(Cluster cluster) => cluster.Metadata.Finalizers?.Contains(WayleaveLabels.Cleanup) == true;

    /// <summary>True if it was changed; then this version of the object is out of date.</summary>
    public async Task<bool> EnsureAsync(Cluster cluster, bool isWanted, CancellationToken cancellationToken)
    {
        if (HasFinalizer(cluster) == isWanted)
        {
            return false;
        }

        List<string> others = [.. (cluster.Metadata.Finalizers ?? []).Where(finalizer => finalizer != WayleaveLabels.Cleanup)];
        var patch = new JsonPatch(cluster.Metadata.ResourceVersion)
            .Set("/metadata/finalizers", isWanted ? [.. others, WayleaveLabels.Cleanup] : others, PartialObjectJson.Default.ListString)
            .Build();
        await client.PatchAsync<Cluster>(cluster.Metadata.Name!, null, patch, cancellationToken);
        return true;
    }
}
