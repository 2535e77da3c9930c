using Wayleave.Kubernetes.Queue;

namespace Wayleave.Kubernetes.Tests.Queue;

public sealed class KeyBackoffTests
{
    private readonly KeyBackoff<string> _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));

    [Fact]
    public void Counts_failures_and_backs_off_per_key()
    {
        _backoff.Next("a");
        _backoff.Next("a");
        _backoff.Next("b");

        (_backoff.Count("a"), _backoff.Count("b"), _backoff.Count("c")).ShouldBe((2, 1, 0));
        _backoff.Next("a").ShouldBeInRange(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4.4));
        _backoff.Next("c").ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.1));
    }

    [Fact]
    public void A_forgotten_key_starts_with_the_shortest_delay()
    {
        _backoff.Next("a");
        _backoff.Next("a");

        _backoff.Forget("a");

        _backoff.Count("a").ShouldBe(0);
        _backoff.Next("a").ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.1));
    }

    [Fact]
    public void Forget_ignores_a_key_that_never_failed()
    {
        _backoff.Forget("a");

        _backoff.Count("a").ShouldBe(0);
    }
}
