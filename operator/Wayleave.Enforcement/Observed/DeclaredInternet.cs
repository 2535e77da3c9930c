using System.Net;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Observed;

/// <summary>A declared target outside the cluster.</summary>
/// <param name="Target">The target.</param>
/// <param name="Resolved">The addresses that its domains resolved to.</param>
internal sealed record DeclaredInternet(InternetReference Target, IReadOnlyList<IPAddress> Resolved)
{
    /// <summary>Whether it allows a port; null for a call of which no port is known.</summary>
    public bool CoversPort(PolicyPort? port) => Target.Ports.Count == 0 || port is not { } called
        || Target.Ports.Any(declared => declared.ToPolicyPort().Includes(called));

    /// <summary>Whether it names a domain, or includes all addresses that DNS answered for it.</summary>
    public bool CoversDomain(string domain, IReadOnlyList<IPAddress> answered) =>
        (Target.Domains.Any(declared => DomainPattern.Includes(declared, domain)) && !(answered.Count > 0 && answered.All(IsExcluded)))
        || (answered.Count > 0 && answered.All(address => Target.Blocks.Any(block => block.Contains(address))));

    /// <summary>Whether it includes a whole range.</summary>
    public bool CoversRange(string range) =>
        Target.Blocks.Any(block => block.Includes(new AddressBlock(range)))
        || Resolved.Any(address => AddressRange.FromAddress(address) == range && !IsExcluded(address));

    private bool IsExcluded(IPAddress address) => Target.Except.Any(range => IPNetwork.Parse(range).Contains(address));
}
