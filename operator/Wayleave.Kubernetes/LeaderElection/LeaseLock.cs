using System.Text.Json;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.LeaderElection;

/// <summary>One lease in the API. Every write names the version it read, so that of two takers one fails.</summary>
internal sealed class LeaseLock(IKubernetesClient client, LeaderElectionConfig config)
{
    public Task<V1Lease?> ReadAsync(CancellationToken cancellationToken) =>
        client.GetAsync<V1Lease>(config.LeaseName, config.LeaseNamespace, cancellationToken);

    public Task<V1Lease> CreateAsync(V1LeaseSpec spec, CancellationToken cancellationToken) =>
        client.CreateAsync(
            new V1Lease
            {
                Metadata = { Name = config.LeaseName, NamespaceProperty = config.LeaseNamespace, OwnerReferences = config.Owner() is { } owner ? [owner] : null },
                Spec = spec,
            },
            cancellationToken);

    /// <summary>A merge patch, so that fields that newer versions added stay as they are.</summary>
    public Task<V1Lease> WriteAsync(string resourceVersion, V1LeaseSpec spec, CancellationToken cancellationToken)
    {
        var change = new V1Lease { Metadata = { ResourceVersion = resourceVersion }, Spec = spec };
        var patch = new V1Patch(JsonSerializer.SerializeToUtf8Bytes(change, KubernetesJson.Default.V1Lease), V1Patch.PatchType.MergePatch);
        return client.PatchAsync<V1Lease>(config.LeaseName, config.LeaseNamespace, patch, cancellationToken);
    }
}
