using System.Net;

namespace Wayleave.Enforcement.Internet;

/// <summary>What is known about a DNS name.</summary>
/// <param name="Domain">The name.</param>
/// <param name="Addresses">In order and each once; the last good answer when the lookup fails now.</param>
public sealed record DomainAnswer(string Domain, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>False until the first lookup has ended, however it ended.</summary>
    public bool IsKnown { get; init; }

    /// <summary>
    /// True once a nameserver has answered since the operator started. Until then <see cref="Addresses"/> are the ones that an earlier
    /// process wrote down, and there may have been more.
    /// </summary>
    public bool IsAnswered { get; init; }

    /// <summary>Why the last lookup gave nothing, as one of <see cref="DomainFailures"/>; null when it did.</summary>
    public string? Failure { get; init; }

    /// <summary>A name that cannot be looked up, such as one with a <c>*</c>.</summary>
    public static DomainAnswer Unresolvable(string domain) => new(domain, []) { IsKnown = true, IsAnswered = true };

    /// <summary>Nothing is known yet, except perhaps what an earlier process wrote down.</summary>
    public static DomainAnswer Unknown(string domain, IReadOnlyList<IPAddress> addresses) => new(domain, addresses);
}

/// <summary>Why a name could not be looked up. Closed: a nameserver's own text is not shown.</summary>
public static class DomainFailures
{
    /// <summary>The name does not exist, or has no address.</summary>
    public const string NotFound = "there is no such name, or it has no address";

    /// <summary>The resolver did not answer, or answered that it failed.</summary>
    public const string ResolverFailed = "the resolver does not answer";

    /// <summary>The first lookup has not ended.</summary>
    public const string NoAnswerYet = "the resolver has not answered yet";
}
