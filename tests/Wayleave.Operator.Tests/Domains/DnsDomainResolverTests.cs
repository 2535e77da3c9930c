using System.Net;
using System.Net.Sockets;
using Wayleave.Operator.Domains;
using Wayleave.Testing.Dns;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Domains;

/// <summary>Looks up names over real sockets, from a nameserver on a loopback address.</summary>
public sealed class DnsDomainResolverTests : IAsyncDisposable
{
    private const string Domain = "api.example.com";

    // Long enough that no query is resent by accident, because every wait here ends with an answer.
    private static readonly TimeSpan _resendAfter = TimeSpan.FromSeconds(5);

    private readonly DnsServer _dns = DnsServer.Start();
    private readonly List<string> _files = [];

    public async ValueTask DisposeAsync()
    {
        await _dns.DisposeAsync();
        _files.ForEach(File.Delete);
    }

    [Fact]
    public async Task Finds_IPv4_and_IPv6_addresses_of_exactly_the_declared_name()
    {
        _dns.Set(Domain, "203.0.113.7", "203.0.113.8", "2001:db8::7");

        var lookup = await ResolveAsync(Domain);

        Texts(lookup).ShouldBe(["2001:db8::7", "203.0.113.7", "203.0.113.8"]);
        (lookup.IsAnswered, lookup.Unanswered).ShouldBe((true, (AddressFamily?)null));
        _dns.Queries.Select(query => query.Name).Distinct(StringComparer.Ordinal).ShouldBe([Domain]);
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("redis.data")]
    [InlineData("localhost")]
    public async Task Uses_no_search_list_and_no_hosts_file(string domain)
    {
        var lookup = await ResolveAsync(domain);

        (lookup.IsAnswered, lookup.Addresses.Count).ShouldBe((true, 0));
        _dns.Queries.Select(query => (query.Name, query.Type))
            .ShouldBe([(domain, DnsRecord.Version4), (domain, DnsRecord.Version6)], ignoreOrder: true);
    }

    [Fact]
    public async Task Follows_a_chain_of_aliases_and_uses_the_shortest_time_to_live()
    {
        _dns.Set(Domain, DnsRecord.CName(Domain, "cdn.example.net", seconds: 300));
        _dns.Set("cdn.example.net", DnsRecord.CName("cdn.example.net", "edge.example.org", seconds: 20));
        _dns.Set("edge.example.org", DnsRecord.Address("edge.example.org", "203.0.113.7", seconds: 60));

        var lookup = await ResolveAsync(Domain);

        (Texts(lookup).Single(), lookup.TimeToLive).ShouldBe(("203.0.113.7", TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Queries_the_target_of_an_alias_that_the_nameserver_does_not_resolve()
    {
        _dns.Answer = (query, _) => Task.FromResult<DnsReply?>(query.Name == Domain
            ? new DnsReply([DnsRecord.CName(Domain, "edge.example.org")])
            : new DnsReply(query.Type == DnsRecord.Version4 ? [DnsRecord.Address(query.Name, "203.0.113.7")] : []));

        Texts(await ResolveAsync(Domain)).ShouldBe(["203.0.113.7"]);
        _dns.Queries.Select(query => query.Name).ShouldContain("edge.example.org");
    }

    [Fact]
    public async Task Stops_following_aliases_that_form_a_cycle_or_never_end()
    {
        _dns.Answer = (query, _) =>
            Task.FromResult<DnsReply?>(new DnsReply([DnsRecord.CName(query.Name, query.Name == Domain ? "other.example.com" : Domain)]));
        (await ResolveAsync(Domain)).Addresses.ShouldBeEmpty();

        _dns.Answer = (query, _) => Task.FromResult<DnsReply?>(new DnsReply([DnsRecord.CName(query.Name, $"a.{query.Name}")]));
        (await ResolveAsync(Domain)).ShouldBe(DomainLookupResult.Failed);
    }

    [Fact]
    public async Task Ignores_records_of_other_names()
    {
        _dns.Answer = (query, _) =>
        {
            var own = DnsRecord.Address(query.Name, query.Type == DnsRecord.Version4 ? "203.0.113.7" : "2001:db8::7");
            return Task.FromResult<DnsReply?>(new DnsReply([DnsRecord.Address("other.example.com", "203.0.113.66"), own]));
        };

        Texts(await ResolveAsync(Domain)).ShouldBe(["2001:db8::7", "203.0.113.7"]);
    }

    [Fact]
    public async Task Retries_a_truncated_answer_over_TCP()
    {
        _dns.Set(Domain, Enumerable.Range(1, 100).Select(number => $"203.0.113.{number}"));

        (await ResolveAsync(Domain)).Addresses.Count.ShouldBe(100);

        _dns.Queries.Where(query => query.Type == DnsRecord.Version4).Select(query => query.IsDatagram).ShouldBe([true, false]);
    }

    [Fact]
    public async Task Returns_the_time_to_live_of_the_zone_for_a_name_that_does_not_exist()
    {
        _dns.Answer = (_, _) =>
            Task.FromResult<DnsReply?>(new DnsReply([]) { Code = DnsReply.NoSuchName, Authorities = [DnsRecord.Soa("example.com", 17)] });

        var lookup = await ResolveAsync(Domain);

        (lookup.IsAnswered, lookup.Addresses.Count, lookup.TimeToLive).ShouldBe((true, 0, TimeSpan.FromSeconds(17)));
    }

    [Fact]
    public async Task A_family_without_addresses_does_not_shorten_the_time_to_live()
    {
        _dns.Answer = (query, _) => Task.FromResult<DnsReply?>(query.Type == DnsRecord.Version4
            ? new DnsReply([DnsRecord.Address(Domain, "203.0.113.7", seconds: 300)])
            : new DnsReply([]) { Authorities = [DnsRecord.Soa("example.com", 1)] });

        (await ResolveAsync(Domain)).TimeToLive.ShouldBe(TimeSpan.FromSeconds(300));
    }

    [Theory]
    [InlineData(DnsReply.ServerFailure)]
    [InlineData(DnsReply.Refused)]
    public async Task Treats_SERVFAIL_and_REFUSED_as_no_answer(int code)
    {
        _dns.Answer = (_, _) => Task.FromResult<DnsReply?>(new DnsReply([]) { Code = code });

        (await ResolveAsync(Domain)).IsAnswered.ShouldBeFalse();
    }

    [Fact]
    public async Task Reports_the_family_that_was_not_answered()
    {
        _dns.Answer = (query, _) => Task.FromResult<DnsReply?>(query.Type == DnsRecord.Version4
            ? new DnsReply([DnsRecord.Address(Domain, "203.0.113.7")])
            : new DnsReply([]) { Code = DnsReply.ServerFailure });

        var lookup = await ResolveAsync(Domain);

        (Texts(lookup).Single(), lookup.Unanswered).ShouldBe(("203.0.113.7", AddressFamily.InterNetworkV6));
    }

    [Fact]
    public async Task Treats_a_malformed_record_as_no_answer()
    {
        _dns.Answer = (query, _) =>
            Task.FromResult<DnsReply?>(new DnsReply([new DnsRecord(query.Name, query.Type, 60, new byte[] { 1, 2, 3 })]));

        (await ResolveAsync(Domain)).IsAnswered.ShouldBeFalse();
    }

    [Fact]
    public async Task Waits_for_a_slow_nameserver_while_it_resends_the_queries()
    {
        var held = new TaskCompletionSource();
        _dns.Set(Domain, "203.0.113.7");
        _dns.Answer = async (query, cancellationToken) =>
        {
            await held.Task.WaitAsync(cancellationToken);
            return _dns.FromRecords(query);
        };

        var lookup = Resolver(TimeSpan.FromMilliseconds(1), _dns.Endpoint).ResolveAsync(Domain, CancellationToken.None);
        await DomainStage.UntilAsync(() => _dns.Queries.Count == 6);
        lookup.IsCompleted.ShouldBeFalse();
        held.SetResult();

        Texts(await lookup).ShouldBe(["203.0.113.7"]);
    }

    [Fact]
    public async Task Waits_three_seconds_for_a_family_that_is_not_answered()
    {
        var time = new ManualTimeProvider();
        _dns.Set(Domain, "203.0.113.7");
        _dns.Answer = (query, _) => Task.FromResult(query.Type == DnsRecord.Version4 ? _dns.FromRecords(query) : null);
        var resolver = new DnsDomainResolver(() => [_dns.Endpoint], time, _resendAfter);

        var lookup = resolver.ResolveAsync(Domain, CancellationToken.None);
        await DomainStage.UntilAsync(() => time.Waits.Contains(TimeSpan.FromSeconds(3)));
        time.Advance(TimeSpan.FromSeconds(3));

        var result = await lookup;
        (Texts(result).Single(), result.Unanswered).ShouldBe(("203.0.113.7", AddressFamily.InterNetworkV6));
    }

    [Fact]
    public async Task Fails_after_ten_seconds_without_an_answer()
    {
        var time = new ManualTimeProvider();
        _dns.Answer = (_, _) => Task.FromResult<DnsReply?>(null);
        var resolver = new DnsDomainResolver(() => [_dns.Endpoint], time, _resendAfter);

        var lookup = resolver.ResolveAsync(Domain, CancellationToken.None);
        await DomainStage.UntilAsync(() => _dns.Queries.Count == 2);
        time.Advance(TimeSpan.FromSeconds(10));

        (await lookup).ShouldBe(DomainLookupResult.Failed);
    }

    [Fact]
    public async Task Resends_a_lost_query()
    {
        _dns.Set(Domain, "203.0.113.7");
        var lost = 0;
        _dns.Answer = (query, _) => Task.FromResult(Interlocked.Increment(ref lost) <= 2 ? null : _dns.FromRecords(query));

        Texts(await Resolver(TimeSpan.FromMilliseconds(50), _dns.Endpoint).ResolveAsync(Domain, CancellationToken.None))
            .ShouldBe(["203.0.113.7"]);
    }

    [Fact]
    public async Task Queries_the_next_nameserver_when_one_fails()
    {
        await using var failing = DnsServer.Start();
        failing.Answer = (_, _) => Task.FromResult<DnsReply?>(new DnsReply([]) { Code = DnsReply.ServerFailure });
        _dns.Set(Domain, "203.0.113.7");

        Texts(await Resolver(_resendAfter, failing.Endpoint, _dns.Endpoint).ResolveAsync(Domain, CancellationToken.None))
            .ShouldBe(["203.0.113.7"]);
    }

    [Fact]
    public async Task Does_not_query_the_next_nameserver_when_the_name_does_not_exist()
    {
        await using var second = DnsServer.Start();

        (await Resolver(_resendAfter, _dns.Endpoint, second.Endpoint).ResolveAsync(Domain, CancellationToken.None)).IsAnswered
            .ShouldBeTrue();

        second.Queries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stops_a_canceled_lookup()
    {
        _dns.Answer = (_, _) => Task.FromResult<DnsReply?>(null);
        using var canceling = new CancellationTokenSource();

        var lookup = Resolver(_resendAfter, _dns.Endpoint).ResolveAsync(Domain, canceling.Token);
        await DomainStage.UntilAsync(() => _dns.Queries.Count == 2);
        await canceling.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => lookup);
    }

    private static IEnumerable<string> Texts(DomainLookupResult lookup) =>
        lookup.Addresses.Select(address => address.ToString()).Order(StringComparer.Ordinal);

    private Task<DomainLookupResult> ResolveAsync(string domain) =>
        Resolver(_resendAfter, _dns.Endpoint).ResolveAsync(domain, CancellationToken.None);

    private static DnsDomainResolver Resolver(TimeSpan resendAfter, params IPEndPoint[] nameservers) =>
        new(() => nameservers, TimeProvider.System, resendAfter);
}
