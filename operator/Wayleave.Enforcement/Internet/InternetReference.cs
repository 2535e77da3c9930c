using Wayleave.Enforcement.Ports;

namespace Wayleave.Enforcement.Internet;

/// <summary>A target outside the cluster, as it was read.</summary>
/// <param name="Ranges">Addresses and ranges in CIDR form, as an API server takes them.</param>
/// <param name="Domains">DNS names to be looked up.</param>
/// <param name="Ports">TCP ports; empty for all.</param>
public sealed record InternetReference(IReadOnlyList<string> Ranges, IReadOnlyList<string> Domains, IReadOnlyList<DeclaredPort> Ports)
{
    /// <summary>The field whose range takes in every address there is; null when none does.</summary>
    public string? EveryAddressField { get; init; }
}
