using Wayleave.Enforcement.Ports;

namespace Wayleave.Enforcement.Internet;

/// <summary>A target outside the cluster, as it was read.</summary>
/// <param name="Ranges">Addresses and ranges in CIDR form, as an API server takes them.</param>
/// <param name="Domains">DNS names to be looked up.</param>
/// <param name="Ports">TCP ports; empty for all.</param>
public sealed record InternetReference(IReadOnlyList<string> Ranges, IReadOnlyList<string> Domains, IReadOnlyList<DeclaredPort> Ports)
{
    /// <summary>The place of each of <see cref="Domains"/> in the spec, where a name may be listed twice.</summary>
    public IReadOnlyList<int> DomainPlaces { get; init; } = Enumerable.Range(0, Domains.Count).ToArray();

    /// <summary>Ranges within <see cref="Ranges"/> that stay closed, in CIDR form, in the order of the spec.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>The ranges, each without what is left out of it.</summary>
    public IReadOnlyList<AddressBlock> Blocks { get; init; } = Ranges.Select(range => new AddressBlock(range)).ToArray();

    /// <summary>The field whose ranges include every address of a family; null when none does.</summary>
    public string? EveryAddressField { get; init; }
}
