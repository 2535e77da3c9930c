using System.Net;
using System.Net.Sockets;
using Wayleave.Enforcement.Internet;

namespace Wayleave.Enforcement.Tests.Internet;

public class DomainHistoryTests
{
    private static readonly DateTimeOffset _start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Has_no_known_answer_at_first() => new DomainHistory("api.example.com").Answer.IsKnown.ShouldBeFalse();

    [Fact]
    public void Sorts_the_addresses_of_an_answer_and_removes_duplicates()
    {
        var answer = History("203.0.113.9", "203.0.113.10", "203.0.113.9").Answer;

        (answer.IsKnown, answer.IsAnswered).ShouldBe((true, true));
        answer.Failure.ShouldBeNull();
        answer.Addresses.Select(address => address.ToString()).ShouldBe(["203.0.113.10", "203.0.113.9"]);
    }

    [Fact]
    public void An_address_stays_for_ten_minutes_after_it_was_last_answered()
    {
        var history = History("203.0.113.1");

        history = history.WithAnswer([IPAddress.Parse("203.0.113.2")], _start.AddMinutes(10));
        history.Answer.Addresses.Count.ShouldBe(2);

        history = history.WithAnswer([IPAddress.Parse("203.0.113.2")], _start.AddMinutes(10).AddSeconds(1));
        history.Answer.Addresses.ShouldBe([IPAddress.Parse("203.0.113.2")]);
    }

    [Fact]
    public void A_failure_keeps_the_last_good_answer()
    {
        var history = History("203.0.113.1").WithFailure(DomainFailures.ResolverFailed);

        history.Answer.Addresses.ShouldBe([IPAddress.Parse("203.0.113.1")]);
        history.Answer.Failure.ShouldBe(DomainFailures.ResolverFailed);
    }

    [Fact]
    public void A_name_that_is_gone_keeps_its_addresses_for_ten_minutes()
    {
        var history = History("203.0.113.1").WithAnswer([], _start.AddMinutes(10));
        (history.Answer.Addresses.Count, history.Answer.Failure).ShouldBe((1, DomainFailures.NotFound));

        history.WithAnswer([], _start.AddMinutes(10).AddSeconds(1)).Answer.Addresses.ShouldBeEmpty();
    }

    [Fact]
    public void Addresses_of_a_family_that_was_not_answered_stay_and_the_others_expire()
    {
        var history = History("203.0.113.1", "2001:db8::1");

        history = history.WithAnswer([IPAddress.Parse("203.0.113.2")], _start.AddDays(1), unanswered: AddressFamily.InterNetworkV6);

        history.Answer.Addresses.Select(address => address.ToString()).ShouldBe(["2001:db8::1", "203.0.113.2"]);
        history.Answer.Failure.ShouldBeNull();
    }

    [Fact]
    public void Reports_a_resolver_failure_when_one_family_is_empty_and_the_other_is_not_answered() =>
        new DomainHistory("api.example.com").WithAnswer([], _start, unanswered: AddressFamily.InterNetwork).Answer.Failure
            .ShouldBe(DomainFailures.ResolverFailed);

    [Fact]
    public void Restored_addresses_are_open_but_not_answered_and_stay_while_lookups_fail()
    {
        var history = DomainHistory.Restored("api.example.com", [IPAddress.Parse("203.0.113.1")], _start);
        (history.Answer.IsKnown, history.Answer.IsAnswered, history.Answer.Addresses.Count).ShouldBe((false, false, 1));

        var failed = history.WithFailure(DomainFailures.ResolverFailed).Answer;
        (failed.IsKnown, failed.IsAnswered, failed.Addresses.Count).ShouldBe((true, false, 1));

        var answered = history.WithAnswer([IPAddress.Parse("203.0.113.2")], _start).Answer;
        (answered.IsAnswered, answered.Addresses.Count).ShouldBe((true, 2));
    }

    [Fact]
    public void Keeps_at_most_256_addresses()
    {
        var history = new DomainHistory("many.example.com").WithAnswer(
            [.. Enumerable.Range(0, 5000).Select(number => new IPAddress([203, 0, (byte)(number / 256), (byte)(number % 256)]))], _start);

        history.Answer.Addresses.Count.ShouldBe(256);
    }

    private static DomainHistory History(params string[] addresses) =>
        new DomainHistory("api.example.com").WithAnswer([.. addresses.Select(IPAddress.Parse)], _start);
}
