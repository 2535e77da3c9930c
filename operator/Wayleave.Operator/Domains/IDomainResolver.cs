using System.Net;
using System.Net.Sockets;

namespace Wayleave.Operator.Domains;

/// <summary>Looks up the addresses of DNS names. Safe for any number of callers.</summary>
internal interface IDomainResolver
{
    /// <summary>Looks a name up. Ends within a bounded time and does not throw, except when it is cancelled.</summary>
    /// <param name="domain">An absolute name without its trailing dot.</param>
    /// <param name="cancellationToken">Ends the lookup.</param>
    Task<DomainLookup> ResolveAsync(string domain, CancellationToken cancellationToken);
}

/// <summary>What came of one lookup.</summary>
/// <param name="Addresses">The addresses that the name has now; none when there is no such name, or when it has none.</param>
/// <param name="TimeToLive">How long the answer holds.</param>
internal sealed record DomainLookup(IReadOnlyList<IPAddress> Addresses, TimeSpan TimeToLive)
{
    /// <summary>No nameserver answered, or each said that it failed.</summary>
    public static DomainLookup Failed { get; } = new([], TimeSpan.Zero) { IsAnswered = false };

    /// <summary>False when nothing is known about the name.</summary>
    public bool IsAnswered { get; private init; } = true;

    /// <summary>The family of addresses that could not be looked up, while the other could; null for none.</summary>
    public AddressFamily? Unanswered { get; init; }
}
