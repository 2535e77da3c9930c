using Wayleave.Kubernetes.Queue;

namespace Wayleave.Kubernetes.Tests.Queue;

public sealed class ExponentialBackoffTests
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(5, 160)]
    [InlineData(13, 40_960)]
    [InlineData(14, 60_000)]
    [InlineData(1_000_000, 60_000)]
    [InlineData(int.MaxValue, 60_000)]
    public void Doubles_with_every_attempt_up_to_the_maximum(int attempt, double milliseconds)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var delay = ExponentialBackoff.Calculate(attempt, Shortest, Longest).TotalMilliseconds;

            delay.ShouldBeInRange(milliseconds, milliseconds * 1.1);
        }
    }

    [Fact]
    public void Adds_jitter_so_that_retries_do_not_coincide()
    {
        var delays = Enumerable.Range(0, 50).Select(_ => ExponentialBackoff.Calculate(14, Shortest, Longest)).ToHashSet();

        delays.Count.ShouldBeGreaterThan(10);
        (delays.Max() - delays.Min()).ShouldBeGreaterThan(TimeSpan.FromSeconds(1));
    }
}
