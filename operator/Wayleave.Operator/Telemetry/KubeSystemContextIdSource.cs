using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Operator.Telemetry;

/// <summary>Derives the context id from the UID of the namespace <c>kube-system</c>, which identifies a cluster.</summary>
internal sealed class KubeSystemContextIdSource(IKubernetesClient client) : IContextIdSource
{
    public async Task<ContextId?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var system = await client.GetAsync<V1Namespace>("kube-system", null, cancellationToken);
            return system?.Metadata.Uid is { Length: > 0 } uid ? ContextId.FromClusterUid(uid) : null;
        }
        catch (KubernetesException error) when (error.IsForbidden)
        {
            return null;
        }
    }
}
