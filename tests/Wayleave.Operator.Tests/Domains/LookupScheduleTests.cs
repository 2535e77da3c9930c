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
    public void Delays_the_next_lookup_by_the_time_to_live_within_5_seconds_and_5_minutes(int timeToLive, int delay) =>
        Next(new DomainLookupResult(DomainStage.Addresses("203.0.113.7"), TimeSpan.FromSeconds(timeToLive)), 0)
            .ShouldBe(TimeSpan.FromSeconds(delay));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(10, 10)]
    [InlineData(3600, 30)]
    public void Delays_the_next_lookup_of_a_missing_name_by_at_most_30_seconds(int timeToLive, int delay) =>
        Next(new DomainLookupResult([], TimeSpan.FromSeconds(timeToLive)), 0).ShouldBe(TimeSpan.FromSeconds(delay));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(4, 40)]
    [InlineData(5, 60)]
    [InlineData(1000, 60)]
    public void Doubles_the_delay_up_to_a_minute_while_the_resolver_fails(int failures, int delay) =>
        Next(DomainLookupResult.Failed, failures).ShouldBe(TimeSpan.FromSeconds(delay));

    [Fact]
    public void Adds_up_to_a_tenth_of_the_delay_as_jitter()
    {
        var lookup = new DomainLookupResult(DomainStage.Addresses("203.0.113.7"), TimeSpan.FromSeconds(60));

        LookupSchedule.GetDelay(lookup, 0, jitter: 1).ShouldBe(TimeSpan.FromSeconds(66));
    }

    private static TimeSpan Next(DomainLookupResult lookup, int failures) => LookupSchedule.GetDelay(lookup, failures, jitter: 0);
}
