using System.Net;
using Wayleave.Enforcement.Internet;

namespace Wayleave.Enforcement.Tests.Internet;

public class DomainMemoryTests
{
    private static readonly DateTimeOffset _start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Nothing_is_known_at_first() => new DomainMemory("api.example.com").Answer.IsKnown.ShouldBeFalse();

    [Fact]
    public void An_answer_is_kept_in_order_and_each_address_once()
    {
        var answer = Memory("203.0.113.9", "203.0.113.10", "203.0.113.9").Answer;

        answer.IsKnown.ShouldBeTrue();
        answer.Failure.ShouldBeNull();
        answer.Addresses.Select(address => address.ToString()).ShouldBe(["203.0.113.10", "203.0.113.9"]);
    }

    [Fact]
    public void An_address_stays_for_ten_minutes_after_it_was_last_answered()
    {
        var memory = Memory("203.0.113.1");

        memory = memory.Answered([IPAddress.Parse("203.0.113.2")], _start.AddMinutes(10));
        memory.Answer.Addresses.Count.ShouldBe(2);

        memory = memory.Answered([IPAddress.Parse("203.0.113.2")], _start.AddMinutes(10).AddSeconds(1));
        memory.Answer.Addresses.ShouldBe([IPAddress.Parse("203.0.113.2")]);
    }

    [Fact]
    public void A_failure_leaves_the_last_good_answer_however_old()
    {
        var memory = Memory("203.0.113.1").Failed(DomainFailures.ResolverFailed);

        memory.Answer.Addresses.ShouldBe([IPAddress.Parse("203.0.113.1")]);
        memory.Answer.Failure.ShouldBe(DomainFailures.ResolverFailed);
    }

    [Fact]
    public void A_name_that_is_gone_keeps_its_addresses_for_ten_minutes()
    {
        var memory = Memory("203.0.113.1").Answered([], _start.AddMinutes(10));
        (memory.Answer.Addresses.Count, memory.Answer.Failure).ShouldBe((1, DomainFailures.NotFound));

        memory.Answered([], _start.AddMinutes(10).AddSeconds(1)).Answer.Addresses.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_recalled_is_not_known_until_it_was_looked_up_and_stays_if_that_fails()
    {
        var memory = DomainMemory.Recalled("api.example.com", [IPAddress.Parse("203.0.113.1")], _start);
        memory.Answer.IsKnown.ShouldBeFalse();

        memory.Failed(DomainFailures.ResolverFailed).Answer.Addresses.ShouldBe([IPAddress.Parse("203.0.113.1")]);
        memory.Answered([IPAddress.Parse("203.0.113.2")], _start).Answer.Addresses.Count.ShouldBe(2);
    }

    [Fact]
    public void Of_five_thousand_addresses_a_bounded_number_is_kept()
    {
        var memory = new DomainMemory("many.example.com").Answered(
            [.. Enumerable.Range(0, 5000).Select(number => new IPAddress([203, 0, (byte)(number / 256), (byte)(number % 256)]))], _start);

        memory.Answer.Addresses.Count.ShouldBe(256);
    }

    private static DomainMemory Memory(params string[] addresses) =>
        new DomainMemory("api.example.com").Answered([.. addresses.Select(IPAddress.Parse)], _start);
}
