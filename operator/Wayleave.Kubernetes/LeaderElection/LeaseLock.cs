using k8s.Models;
using Wayleave.Kubernetes.Client;

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
                Metadata = new() { Name = config.LeaseName, NamespaceProperty = config.LeaseNamespace, OwnerReferences = config.Owner() is { } owner ? [owner] : null },
                Spec = spec,
            },
            cancellationToken);

    /// <summary>A merge patch, so that fields that newer versions added stay as they are.</summary>
    public Task<V1Lease> WriteAsync(string resourceVersion, V1LeaseSpec spec, CancellationToken cancellationToken)
    {
        var change = new V1Lease { Metadata = new V1ObjectMeta { ResourceVersion = resourceVersion }, Spec = spec };
        return client.MergeAsync(config.LeaseName, config.LeaseNamespace, change, cancellationToken);
    }
}
