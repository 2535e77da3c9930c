using System.Globalization;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Caching;

/// <summary>Optional capabilities of an API server.</summary>
/// <param name="ServesCronJobs">In <c>batch/v1</c>.</param>
/// <param name="ServesEndpointSlices">In <c>discovery.k8s.io/v1</c>; Endpoints are read instead.</param>
/// <param name="ServesClusters">Ours; absent where the CRDs are older than the operator.</param>
internal readonly record struct ApiCapabilities(bool ServesCronJobs, bool ServesEndpointSlices, bool ServesClusters = false)
{
    private const int FirstMinorWithPortRanges = 22;

    /// <summary>Whether <c>endPort</c> of NetworkPolicies is stored.</summary>
    public bool SupportsPortRanges { get; init; } = true;

    /// <summary>Whether the map of the network mapper can be read. Its CRD may be missing after an upgrade.</summary>
    public bool ServesObservedIntents { get; init; }

    /// <summary>Whether the ranges of Services can be read, in <c>networking.k8s.io/v1</c>.</summary>
    public bool ServesServiceCidrs { get; init; }

    /// <summary>Reads the capabilities of an API server.</summary>
    public static async Task<ApiCapabilities> ReadAsync(IKubernetesClient client, CancellationToken cancellationToken) => new(
        await client.IsServedAsync<PartialCronJob>(cancellationToken), await client.IsServedAsync<PartialEndpointSlice>(cancellationToken))
    {
        SupportsPortRanges = HasPortRanges(await client.GetVersionAsync(cancellationToken)),
        ServesServiceCidrs = await client.IsServedAsync<V1ServiceCIDR>(cancellationToken),
    };

    /// <summary>The minor version, without the plus sign that some distributions append. Null if it is not a number.</summary>
    public static int? ParseMinor(VersionInfo version) =>
        int.TryParse(version.Minor?.TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var minor) ? minor : null;

    private static bool HasPortRanges(VersionInfo version) =>
        version.Major != "1" || ParseMinor(version) is null or >= FirstMinorWithPortRanges;
}
