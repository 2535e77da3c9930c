using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;

namespace Wayleave.Operator.Domains;

/// <summary>
/// Asks nameservers for the A and AAAA records of absolute names. Search lists and <c>/etc/hosts</c> are ignored, because those of the
/// operator's Pod are not the client's.
/// </summary>
internal sealed class DnsDomainResolver : IDomainResolver
{
    // The timeout of a lookup.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    // The additional wait for the second IP family, because some nameservers never respond to AAAA queries.
    private static readonly TimeSpan _otherFamily = TimeSpan.FromSeconds(3);

    // The delay before a query is also sent to the next nameserver. The first answer may still arrive.
    private static readonly TimeSpan _resendAfter = TimeSpan.FromSeconds(2);

    // The negative TTL of a response without an SOA record.
    private static readonly TimeSpan _unknownTimeToLive = TimeSpan.FromSeconds(30);

    private const int MaxQuestions = 3;
    private const int MaxAliases = 16;

    // The maximum UDP payload that is not fragmented. Larger responses use TCP.
    private const int DatagramSize = 1232;

    private readonly Func<IReadOnlyList<IPEndPoint>> _nameservers;
    private readonly TimeProvider _time;
    private readonly TimeSpan _resend;
    private readonly LookupClient _client = new(new LookupClientOptions { AutoResolveNameServers = false, UseCache = false });

    private readonly DnsQueryOptions _options = new()
    {
        UseCache = false,
        Retries = 0,
        Timeout = _limit,
        ContinueOnDnsError = false,
        ContinueOnEmptyResponse = false,
        ExtendedDnsBufferSize = DatagramSize,
    };

    public DnsDomainResolver(Nameservers nameservers, TimeProvider time)
        : this(nameservers.Current, time, _resendAfter)
    {
    }

    internal DnsDomainResolver(Func<IReadOnlyList<IPEndPoint>> nameservers, TimeProvider time, TimeSpan resendAfter) =>
        (_nameservers, _time, _resend) = (nameservers, time, resendAfter);

    public async Task<DomainLookupResult> ResolveAsync(string domain, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        Task<DomainLookupResult?>[] lookups =
            [ResolveAsync(domain, QueryType.A, either.Token), ResolveAsync(domain, QueryType.AAAA, either.Token)];
        if (await await Task.WhenAny(lookups) is { Addresses.Count: > 0 })
        {
            limit.CancelAfter(_otherFamily);
        }

        var families = await Task.WhenAll(lookups);
        cancellationToken.ThrowIfCancellationRequested();
        return (families[0], families[1]) switch
        {
            (null, null) => DomainLookupResult.Failed,
            (null, { } only) => only with { Unanswered = AddressFamily.InterNetwork },
            ({ } only, null) => only with { Unanswered = AddressFamily.InterNetworkV6 },
            ({ } one, { } other) => Join(one, other),
        };
    }

    // The TTL of an empty response counts only if the other family is empty too.
    private static DomainLookupResult Join(DomainLookupResult one, DomainLookupResult other)
    {
        var counting = new[] { one, other }.Where(family => family.Addresses.Count > 0).DefaultIfEmpty(one).ToList();
        return new DomainLookupResult([.. one.Addresses, .. other.Addresses], counting.Min(family => family.TimeToLive));
    }

    // Null when no nameserver answered.
    private async Task<DomainLookupResult?> ResolveAsync(string domain, QueryType type, CancellationToken cancellationToken)
    {
        var chain = new AliasChain($"{domain}.");
        while (await QueryAsync(chain.Name, type, cancellationToken) is { } response)
        {
            var asked = chain.Name;
            chain.Follow(response.Answers);
            var addresses = chain.Addresses(response.Answers);
            if (addresses.Count > 0)
            {
                return new DomainLookupResult(addresses, chain.TimeToLive);
            }

            if (chain.Name == asked || IsFinal(response))
            {
                return new DomainLookupResult([], Shorter(chain.TimeToLive, NegativeTimeToLive(response)));
            }

            if (chain.Length > MaxAliases)
            {
                return null;
            }
        }

        return null;
    }

    // Such a response is about the end of the CNAME chain.
    private static bool IsFinal(IDnsQueryResponse response) =>
        response.Header.ResponseCode == DnsHeaderResponseCode.NotExistentDomain || response.Authorities.OfType<SoaRecord>().Any();

    private static TimeSpan NegativeTimeToLive(IDnsQueryResponse response) =>
        response.Authorities.OfType<SoaRecord>().FirstOrDefault() is { } authority
            ? TimeSpan.FromSeconds(Math.Min(authority.InitialTimeToLive, authority.Minimum))
            : _unknownTimeToLive;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // Queries the nameservers in order, the next as soon as one fails or is slow. The first answer counts.
    private async Task<IDnsQueryResponse?> QueryAsync(string name, QueryType type, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = new List<Task<IDnsQueryResponse?>>();
        try
        {
            var servers = _nameservers();
            for (var i = 0; i < Math.Max(MaxQuestions, servers.Count); i++)
            {
                asked.Add(AskAsync(servers[i % servers.Count], name, type, ended.Token));
                if (await FirstAsync(asked, _resend, cancellationToken) is { } response)
                {
                    return response;
                }
            }

            return await FirstAsync(asked, Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    // Null if all queries have failed, or when the pause is over. Removes failed queries from the list.
    private async Task<IDnsQueryResponse?> FirstAsync(
        List<Task<IDnsQueryResponse?>> asked, TimeSpan pause, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = Task.Delay(pause, _time, ended.Token);
        try
        {
            while (asked.Count > 0)
            {
                var first = await Task.WhenAny([waiting, .. asked]);
                cancellationToken.ThrowIfCancellationRequested();
                if (first is not Task<IDnsQueryResponse?> answered)
                {
                    return null;
                }

                asked.Remove(answered);
                if (await answered is { } response)
                {
                    return response;
                }
            }

            return null;
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    private async Task<IDnsQueryResponse?> AskAsync(IPEndPoint server, string name, QueryType type, CancellationToken cancellationToken)
    {
        try
        {
            var response =
                await _client.QueryServerAsync([new NameServer(server)], new DnsQuestion(name, type), _options, cancellationToken);
            return response.Header.ResponseCode is DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain
                ? response
                : null;
        }
# pragma warning disable CA1031 // Any invalid response counts as no response.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    /// <summary>A CNAME chain. Records of other names in a response are ignored.</summary>
    private sealed class AliasChain(string name)
    {
        private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { name };

        /// <summary>The last name.</summary>
        public string Name { get; private set; } = name;

        public int Length => _names.Count;

        /// <summary>The shortest time of what was followed.</summary>
        public TimeSpan TimeToLive { get; private set; } = TimeSpan.MaxValue;

        public void Follow(IReadOnlyList<DnsResourceRecord> answers)
        {
            while (Length <= MaxAliases
                && answers.OfType<CNameRecord>().FirstOrDefault(IsOfName) is { } alias
                && _names.Add(alias.CanonicalName.Value))
            {
                Name = alias.CanonicalName.Value;
                Count(alias);
            }
        }

        public List<IPAddress> Addresses(IReadOnlyList<DnsResourceRecord> answers)
        {
            var records = answers.OfType<AddressRecord>().Where(IsOfName).ToList();
            records.ForEach(Count);
            return records.ConvertAll(record => record.Address);
        }

        private bool IsOfName(DnsResourceRecord record) => string.Equals(record.DomainName.Value, Name, StringComparison.OrdinalIgnoreCase);

        private void Count(DnsResourceRecord record) =>
            TimeToLive = Shorter(TimeToLive, TimeSpan.FromSeconds(Math.Max(0, record.InitialTimeToLive)));
    }
}

/// <summary>Looks up the addresses of DNS names. Safe for any number of callers.</summary>
internal interface IDomainResolver
{
    /// <summary>Looks a name up. Ends within a bounded time and does not throw, except when it is canceled.</summary>
    /// <param name="domain">An absolute name without its trailing dot.</param>
    Task<DomainLookupResult> ResolveAsync(string domain, CancellationToken cancellationToken);
}

/// <summary>The result of a lookup.</summary>
/// <param name="Addresses">The addresses that the name has now; none when there is no such name, or when it has none.</param>
/// <param name="TimeToLive">How long the answer holds.</param>
internal sealed record DomainLookupResult(IReadOnlyList<IPAddress> Addresses, TimeSpan TimeToLive)
{
    /// <summary>No nameserver answered, or each said that it failed.</summary>
    public static DomainLookupResult Failed { get; } = new([], TimeSpan.Zero) { IsAnswered = false };

    /// <summary>False when nothing is known about the name.</summary>
    public bool IsAnswered { get; private init; } = true;

    /// <summary>The family of addresses that could not be looked up, while the other could; null for none.</summary>
    public AddressFamily? Unanswered { get; init; }
}
