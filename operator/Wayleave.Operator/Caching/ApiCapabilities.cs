using System.Globalization;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Caching;

/// <summary>What an API server offers of that which not every one does.</summary>
/// <param name="CronJobs">In <c>batch/v1</c>.</param>
/// <param name="EndpointSlices">In <c>discovery.k8s.io/v1</c>; Endpoints are read instead.</param>
/// <param name="Clusters">Ours; absent where the CRDs are older than the operator.</param>
internal readonly record struct ApiCapabilities(bool CronJobs, bool EndpointSlices, bool Clusters = false)
{
    private const int FirstMinorWithPortRanges = 22;

    /// <summary>Whether <c>endPort</c> of NetworkPolicies is stored.</summary>
    public bool PortRanges { get; init; } = true;

    /// <summary>Whether the ranges of Services can be read, in <c>networking.k8s.io/v1</c>.</summary>
    public bool ServiceCidrs { get; init; }

    /// <summary>Asks an API server.</summary>
    public static async Task<ApiCapabilities> ReadAsync(IKubernetesClient client, CancellationToken cancellationToken) => new(
        await client.IsServedAsync<PartialCronJob>(cancellationToken), await client.IsServedAsync<PartialEndpointSlice>(cancellationToken))
    {
        PortRanges = HasPortRanges(await client.GetVersionAsync(cancellationToken)),
        ServiceCidrs = await client.IsServedAsync<V1ServiceCIDR>(cancellationToken),
    };

    // Some distributions append a plus sign.
    private static bool HasPortRanges(VersionInfo version) =>
        !int.TryParse(version.Minor?.TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
        || version.Major != "1"
        || minor >= FirstMinorWithPortRanges;
}
