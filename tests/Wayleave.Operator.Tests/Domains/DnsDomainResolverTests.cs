using System.Net;
using System.Net.Sockets;
using Wayleave.Operator.Domains;
using Wayleave.Testing.Dns;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Domains;

/// <summary>Lookups of a real nameserver on a loopback address.</summary>
public sealed class DnsDomainResolverTests : IAsyncDisposable
{
    private const string Domain = "api.example.com";

    // Long enough for a question not to be put twice by mistake, as every wait here ends with an answer.
    private static readonly TimeSpan _resendAfter = TimeSpan.FromSeconds(5);

    private readonly DnsServer _dns = DnsServer.Start();
    private readonly List<string> _files = [];

    public async ValueTask DisposeAsync()
    {
        await _dns.DisposeAsync();
        _files.ForEach(File.Delete);
    }

    [Fact]
    public async Task Addresses_of_both_families_are_found_for_the_name_just_as_it_is_declared()
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
    public async Task No_search_list_and_no_hosts_file_is_consulted(string domain)
    {
        var lookup = await ResolveAsync(domain);

        (lookup.IsAnswered, lookup.Addresses.Count).ShouldBe((true, 0));
        _dns.Queries.Select(query => (query.Name, query.Type))
            .ShouldBe([(domain, DnsRecord.Version4), (domain, DnsRecord.Version6)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_chain_of_aliases_is_followed_and_the_shortest_time_holds()
    {
        _dns.Set(Domain, DnsRecord.CName(Domain, "cdn.example.net", seconds: 300));
        _dns.Set("cdn.example.net", DnsRecord.CName("cdn.example.net", "edge.example.org", seconds: 20));
        _dns.Set("edge.example.org", DnsRecord.Address("edge.example.org", "203.0.113.7", seconds: 60));

        var lookup = await ResolveAsync(Domain);

        (Texts(lookup).Single(), lookup.TimeToLive).ShouldBe(("203.0.113.7", TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_chain_that_the_nameserver_does_not_follow_is_followed_by_asking_again()
    {
        _dns.Answer = (query, _) => Task.FromResult<DnsReply?>(query.Name == Domain
            ? new DnsReply([DnsRecord.CName(Domain, "edge.example.org")])
            : new DnsReply(query.Type == DnsRecord.Version4 ? [DnsRecord.Address(query.Name, "203.0.113.7")] : []));

        Texts(await ResolveAsync(Domain)).ShouldBe(["203.0.113.7"]);
        _dns.Queries.Select(query => query.Name).ShouldContain("edge.example.org");
    }

    [Fact]
    public async Task Aliases_that_lead_in_a_circle_or_on_and_on_end()
    {
        _dns.Answer = (query, _) =>
            Task.FromResult<DnsReply?>(new DnsReply([DnsRecord.CName(query.Name, query.Name == Domain ? "other.example.com" : Domain)]));
        (await ResolveAsync(Domain)).Addresses.ShouldBeEmpty();

        _dns.Answer = (query, _) => Task.FromResult<DnsReply?>(new DnsReply([DnsRecord.CName(query.Name, $"a.{query.Name}")]));
        (await ResolveAsync(Domain)).ShouldBe(DomainLookup.Failed);
    }

    [Fact]
    public async Task Records_of_names_that_were_not_asked_for_do_not_count()
    {
        _dns.Answer = (query, _) =>
        {
            var own = DnsRecord.Address(query.Name, query.Type == DnsRecord.Version4 ? "203.0.113.7" : "2001:db8::7");
            return Task.FromResult<DnsReply?>(new DnsReply([DnsRecord.Address("other.example.com", "203.0.113.66"), own]));
        };

        Texts(await ResolveAsync(Domain)).ShouldBe(["2001:db8::7", "203.0.113.7"]);
    }

    [Fact]
    public async Task A_truncated_answer_is_asked_for_again_over_TCP()
    {
        _dns.Set(Domain, Enumerable.Range(1, 100).Select(number => $"203.0.113.{number}"));

        (await ResolveAsync(Domain)).Addresses.Count.ShouldBe(100);

        _dns.Queries.Where(query => query.Type == DnsRecord.Version4).Select(query => query.IsDatagram).ShouldBe([true, false]);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_an_answer_with_the_time_of_its_zone()
    {
        _dns.Answer = (_, _) =>
            Task.FromResult<DnsReply?>(new DnsReply([]) { Code = DnsReply.NoSuchName, Authorities = [DnsRecord.Soa("example.com", 17)] });

        var lookup = await ResolveAsync(Domain);

        (lookup.IsAnswered, lookup.Addresses.Count, lookup.TimeToLive).ShouldBe((true, 0, TimeSpan.FromSeconds(17)));
    }

    [Fact]
    public async Task The_missing_addresses_of_one_family_shorten_the_time_of_the_other_by_nothing()
    {
        _dns.Answer = (query, _) => Task.FromResult<DnsReply?>(query.Type == DnsRecord.Version4
            ? new DnsReply([DnsRecord.Address(Domain, "203.0.113.7", seconds: 300)])
            : new DnsReply([]) { Authorities = [DnsRecord.Soa("example.com", 1)] });

        (await ResolveAsync(Domain)).TimeToLive.ShouldBe(TimeSpan.FromSeconds(300));
    }

    [Theory]
    [InlineData(DnsReply.ServerFailure)]
    [InlineData(DnsReply.Refused)]
    public async Task A_nameserver_that_says_it_failed_has_not_answered(int code)
    {
        _dns.Answer = (_, _) => Task.FromResult<DnsReply?>(new DnsReply([]) { Code = code });

        (await ResolveAsync(Domain)).IsAnswered.ShouldBeFalse();
    }

    [Fact]
    public async Task Where_only_one_family_is_answered_the_other_is_known_to_be_missing()
    {
        _dns.Answer = (query, _) => Task.FromResult<DnsReply?>(query.Type == DnsRecord.Version4
            ? new DnsReply([DnsRecord.Address(Domain, "203.0.113.7")])
            : new DnsReply([]) { Code = DnsReply.ServerFailure });

        var lookup = await ResolveAsync(Domain);

        (Texts(lookup).Single(), lookup.Unanswered).ShouldBe(("203.0.113.7", AddressFamily.InterNetworkV6));
    }

    [Fact]
    public async Task An_answer_that_makes_no_sense_has_not_answered()
    {
        _dns.Answer = (query, _) =>
            Task.FromResult<DnsReply?>(new DnsReply([new DnsRecord(query.Name, query.Type, 60, new byte[] { 1, 2, 3 })]));

        (await ResolveAsync(Domain)).IsAnswered.ShouldBeFalse();
    }

    [Fact]
    public async Task A_nameserver_that_is_slow_is_waited_for()
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
    public async Task A_family_that_is_never_answered_delays_the_other_by_three_seconds()
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
    public async Task A_name_without_any_answer_has_failed_after_ten_seconds()
    {
        var time = new ManualTimeProvider();
        _dns.Answer = (_, _) => Task.FromResult<DnsReply?>(null);
        var resolver = new DnsDomainResolver(() => [_dns.Endpoint], time, _resendAfter);

        var lookup = resolver.ResolveAsync(Domain, CancellationToken.None);
        await DomainStage.UntilAsync(() => _dns.Queries.Count == 2);
        time.Advance(TimeSpan.FromSeconds(10));

        (await lookup).ShouldBe(DomainLookup.Failed);
    }

    [Fact]
    public async Task A_question_that_got_lost_is_put_again()
    {
        _dns.Set(Domain, "203.0.113.7");
        var lost = 0;
        _dns.Answer = (query, _) => Task.FromResult(Interlocked.Increment(ref lost) <= 2 ? null : _dns.FromRecords(query));

        Texts(await Resolver(TimeSpan.FromMilliseconds(50), _dns.Endpoint).ResolveAsync(Domain, CancellationToken.None))
            .ShouldBe(["203.0.113.7"]);
    }

    [Fact]
    public async Task The_next_nameserver_is_asked_when_one_fails()
    {
        await using var failing = DnsServer.Start();
        failing.Answer = (_, _) => Task.FromResult<DnsReply?>(new DnsReply([]) { Code = DnsReply.ServerFailure });
        _dns.Set(Domain, "203.0.113.7");

        Texts(await Resolver(_resendAfter, failing.Endpoint, _dns.Endpoint).ResolveAsync(Domain, CancellationToken.None))
            .ShouldBe(["203.0.113.7"]);
    }

    [Fact]
    public async Task That_there_is_no_such_name_is_not_asked_of_the_next_nameserver()
    {
        await using var second = DnsServer.Start();

        (await Resolver(_resendAfter, _dns.Endpoint, second.Endpoint).ResolveAsync(Domain, CancellationToken.None)).IsAnswered
            .ShouldBeTrue();

        second.Queries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lookup_that_is_canceled_ends()
    {
        _dns.Answer = (_, _) => Task.FromResult<DnsReply?>(null);
        using var canceling = new CancellationTokenSource();

        var lookup = Resolver(_resendAfter, _dns.Endpoint).ResolveAsync(Domain, canceling.Token);
        await DomainStage.UntilAsync(() => _dns.Queries.Count == 2);
        await canceling.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => lookup);
    }

    private static IEnumerable<string> Texts(DomainLookup lookup) =>
        lookup.Addresses.Select(address => address.ToString()).Order(StringComparer.Ordinal);

    private Task<DomainLookup> ResolveAsync(string domain) =>
        Resolver(_resendAfter, _dns.Endpoint).ResolveAsync(domain, CancellationToken.None);

    private static DnsDomainResolver Resolver(TimeSpan resendAfter, params IPEndPoint[] nameservers) =>
        new(() => nameservers, TimeProvider.System, resendAfter);
}
