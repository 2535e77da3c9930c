using System.Net;

namespace Wayleave.Enforcement.Internet;

/// <summary>What is known of a DNS name.</summary>
/// <param name="Addresses">In order and each once; the last good answer when looking it up fails now.</param>
public sealed record DomainAnswer(string Domain, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>False until it was looked up for the first time.</summary>
    public bool IsKnown { get; init; }

    /// <summary>Why the last look-up gave nothing, as one of <see cref="DomainFailures"/>; null when it did.</summary>
    public string? Failure { get; init; }

    /// <summary>A name that cannot be looked up, such as one with a <c>*</c>.</summary>
    public static DomainAnswer Unresolvable(string domain) => new(domain, []) { IsKnown = true };

    /// <summary>Nothing is known yet.</summary>
    public static DomainAnswer Unknown(string domain) => new(domain, []);
}
