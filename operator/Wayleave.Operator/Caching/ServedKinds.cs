using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Caching;

/// <summary>Which of the kinds that not every API server serves are there.</summary>
/// <param name="CronJobs">In <c>batch/v1</c>.</param>
/// <param name="EndpointSlices">In <c>discovery.k8s.io/v1</c>; Endpoints are read instead.</param>
/// <param name="Clusters">Ours; absent where the CRDs are older than the operator.</param>
internal readonly record struct ServedKinds(bool CronJobs, bool EndpointSlices, bool Clusters = false)
{
    /// <summary>Asks an API server for Kubernetes' own kinds.</summary>
    public static async Task<ServedKinds> ReadAsync(IKubernetesClient client, CancellationToken cancellationToken) => new(
        await client.IsServedAsync<V1CronJob>(cancellationToken), await client.IsServedAsync<V1EndpointSlice>(cancellationToken));
}
