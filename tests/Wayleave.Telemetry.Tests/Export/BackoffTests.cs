using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Export;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new();

    [Fact]
    public void The_first_attempt_is_due_at_once() => Backoff(0).IsDue.ShouldBeTrue();

    [Theory]
    [InlineData(0.0, 0.5)]
    [InlineData(1.0, 1.0)]
    public void The_delay_doubles_and_half_of_it_is_random(double random, double share)
    {
        var backoff = Backoff(random);
        for (var failures = 0; failures < 4; failures++)
        {
            backoff.MarkFailed(retryAfter: null);
            ShouldBeDueAfter(backoff, First * Math.Pow(2, failures) * share);
        }
    }

    [Fact]
    public void Never_exceeds_15_minutes_and_never_gives_up()
    {
        var backoff = Backoff(1);
        for (var failures = 0; failures < 10_000; failures++)
        {
            backoff.MarkFailed(retryAfter: null);
        }

        ShouldBeDueAfter(backoff, TimeSpan.FromMinutes(15));
    }

    [Fact]
    public void Keeps_a_first_delay_that_is_longer_than_the_maximum()
    {
        var backoff = new Backoff(TimeSpan.FromHours(2), _time, new FixedRandom(1));
        backoff.MarkFailed(retryAfter: null);
        backoff.MarkFailed(retryAfter: null);

        ShouldBeDueAfter(backoff, TimeSpan.FromHours(2));
    }

    [Fact]
    public void Success_forgets_the_failures()
    {
        var backoff = Backoff(1);
        backoff.MarkFailed(retryAfter: null);
        backoff.MarkFailed(retryAfter: null);
        backoff.Reset();
        backoff.IsDue.ShouldBeTrue();
        backoff.MarkFailed(retryAfter: null);

        ShouldBeDueAfter(backoff, First);
    }

    [Fact]
    public void Honors_Retry_After_up_to_an_hour()
    {
        var backoff = Backoff(1);
        backoff.MarkFailed(TimeSpan.FromMinutes(30));
        ShouldBeDueAfter(backoff, TimeSpan.FromMinutes(30));
        backoff.MarkFailed(TimeSpan.FromDays(30));
        ShouldBeDueAfter(backoff, TimeSpan.FromHours(1));
        backoff.Reset();
        backoff.MarkFailed(TimeSpan.FromSeconds(-5));
        ShouldBeDueAfter(backoff, First);
    }

    private Backoff Backoff(double random) => new(First, _time, new FixedRandom(random));

    private void ShouldBeDueAfter(Backoff backoff, TimeSpan delay)
    {
        _time.Advance(delay - TimeSpan.FromTicks(1));
        backoff.IsDue.ShouldBeFalse();
        _time.Advance(TimeSpan.FromTicks(1));
        backoff.IsDue.ShouldBeTrue();
    }

    private sealed class FixedRandom(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
