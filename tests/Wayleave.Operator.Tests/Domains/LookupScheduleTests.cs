using Wayleave.Operator.Domains;

namespace Wayleave.Operator.Tests.Domains;

public sealed class LookupScheduleTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(30, 30)]
    [InlineData(300, 300)]
    [InlineData(86_400, 300)]
    public void A_name_is_looked_up_again_when_its_answer_expires_but_not_too_often_nor_too_late(int timeToLive, int delay) =>
        Next(new DomainLookup(DomainStage.Addresses("203.0.113.7"), TimeSpan.FromSeconds(timeToLive)), 0)
            .ShouldBe(TimeSpan.FromSeconds(delay));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(10, 10)]
    [InlineData(3600, 30)]
    public void A_name_that_does_not_exist_is_looked_up_again_within_half_a_minute(int timeToLive, int delay) =>
        Next(new DomainLookup([], TimeSpan.FromSeconds(timeToLive)), 0).ShouldBe(TimeSpan.FromSeconds(delay));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(4, 40)]
    [InlineData(5, 60)]
    [InlineData(1000, 60)]
    public void While_the_resolver_fails_the_delay_doubles_up_to_a_minute(int failures, int delay) =>
        Next(DomainLookup.Failed, failures).ShouldBe(TimeSpan.FromSeconds(delay));

    [Fact]
    public void Up_to_a_tenth_is_added_and_nothing_taken_away()
    {
        var lookup = new DomainLookup(DomainStage.Addresses("203.0.113.7"), TimeSpan.FromSeconds(60));

        LookupSchedule.Next(lookup, 0, jitter: 1).ShouldBe(TimeSpan.FromSeconds(66));
    }

    private static TimeSpan Next(DomainLookup lookup, int failures) => LookupSchedule.Next(lookup, failures, jitter: 0);
}
