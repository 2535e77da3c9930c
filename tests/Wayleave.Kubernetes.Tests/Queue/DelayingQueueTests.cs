using Wayleave.Kubernetes.Queue;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Queue;

public sealed class DelayingQueueTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _added = [];
    private readonly DelayingQueue<string> _delayed;

    public DelayingQueueTests() => _delayed = new DelayingQueue<string>(_time, _added.Add);

    public void Dispose() => _delayed.Dispose();

    [Fact]
    public void A_key_is_added_when_its_delay_is_over_and_not_before()
    {
        _delayed.Add("a", Seconds(5));

        _time.Advance(Seconds(4.999));
        _added.ShouldBeEmpty();
        _time.Advance(Seconds(0.001));

        _added.ShouldBe(["a"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_key_without_delay_is_added_at_once(double seconds)
    {
        _delayed.Add("a", Seconds(seconds));

        _added.ShouldBe(["a"]);
    }

    [Fact]
    public void Keys_are_added_in_the_order_of_their_due_times()
    {
        _delayed.Add("last", Seconds(3));
        _delayed.Add("first", Seconds(1));
        _delayed.Add("second", Seconds(2));

        _time.Advance(Seconds(1));
        _added.ShouldBe(["first"]);
        _time.Advance(Seconds(10));

        _added.ShouldBe(["first", "second", "last"]);
    }

    [Fact]
    public void Adds_a_key_once_at_the_earlier_of_two_due_times()
    {
        _delayed.Add("a", Seconds(10));
        _delayed.Add("a", Seconds(1));

        _time.Advance(Seconds(1));
        _added.ShouldBe(["a"]);
        _time.Advance(Seconds(20));

        _added.ShouldBe(["a"]);
    }

    [Fact]
    public void Keeps_the_earlier_time_when_a_key_is_added_with_a_longer_delay()
    {
        _delayed.Add("a", Seconds(1));
        _delayed.Add("a", Seconds(10));

        _time.Advance(Seconds(1));
        _added.ShouldBe(["a"]);
        _time.Advance(Seconds(20));

        _added.ShouldBe(["a"]);
    }

    [Fact]
    public void A_key_can_be_delayed_again_after_it_was_added()
    {
        _delayed.Add("a", Seconds(1));
        _time.Advance(Seconds(1));
        _delayed.Add("a", Seconds(1));

        _time.Advance(Seconds(1));

        _added.ShouldBe(["a", "a"]);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void A_wall_clock_jump_does_not_change_delays(double jump)
    {
        _delayed.Add("a", Seconds(5));

        _time.SetWallClock(Seconds(jump));
        _time.Advance(Seconds(4.9));
        _delayed.Add("b", Seconds(0.1));
        _added.ShouldBeEmpty();
        _time.Advance(Seconds(0.1));

        _added.ShouldBe(["a", "b"], ignoreOrder: true);
    }

    [Fact]
    public void Supports_a_delay_of_years()
    {
        _delayed.Add("a", TimeSpan.FromDays(1000));
        using var real = new DelayingQueue<string>(TimeProvider.System, _added.Add);

        real.Add("b", TimeSpan.FromDays(1000));

        _time.Advance(TimeSpan.FromDays(999));
        _added.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromDays(1));
        _added.ShouldBe(["a"]);
    }

    [Fact]
    public void Adds_no_key_after_it_is_disposed()
    {
        _delayed.Add("a", Seconds(1));

        _delayed.Dispose();
        _delayed.Add("b", Seconds(1));
        _time.Advance(Seconds(5));

        _added.ShouldBeEmpty();
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
