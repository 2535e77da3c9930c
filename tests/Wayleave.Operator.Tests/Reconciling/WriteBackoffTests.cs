using Wayleave.Operator.Reconciling;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Reconciling;

public sealed class WriteBackoffTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly WriteBackoff<string> _backoff;

    public WriteBackoffTests() => _backoff = new WriteBackoff<string>(_time);

    [Fact]
    public void Does_not_delay_the_first_write()
    {
        _backoff.Remaining("cart").ShouldBe(TimeSpan.Zero);
        _backoff.Record("cart").ShouldBeFalse();
    }

    [Fact]
    public void Doubles_the_delay_up_to_a_maximum()
    {
        var delays = Enumerable.Range(0, 15).Select(_ => Repeat()).ToList();

        delays[0].ShouldBe(TimeSpan.FromMilliseconds(50));
        delays.Zip(delays.Skip(1)).ShouldAllBe(pair => pair.Second == pair.First * 2 || pair.Second == WriteBackoff<string>.MaxDelay);
        delays[^1].ShouldBe(WriteBackoff<string>.MaxDelay);
    }

    [Fact]
    public void Resets_after_a_minute_without_writes()
    {
        Repeat();
        Repeat();

        _time.Advance(TimeSpan.FromMinutes(1));

        _backoff.Record("cart").ShouldBeFalse();
    }

    [Fact]
    public void Does_not_reset_before_a_long_delay_is_over()
    {
        for (var i = 0; i < 13; i++)
        {
            Repeat();
        }

        _time.Advance(TimeSpan.FromMinutes(3));

        _backoff.Record("cart").ShouldBeTrue();
    }

    [Fact]
    public void Returns_how_long_an_object_stays_contested()
    {
        for (var i = 0; i < WriteBackoff<string>.ContestedThreshold - 1; i++)
        {
            Repeat();
        }

        _backoff.GetRemainingContention("cart").ShouldBeNull();
        _backoff.Record("cart");
        var calm = _backoff.GetRemainingContention("cart").ShouldNotBeNull();
        _time.Advance(calm);
        _backoff.GetRemainingContention("cart").ShouldBeNull();
    }

    [Fact]
    public void Delays_each_object_on_its_own_until_all_are_cleared()
    {
        Repeat();
        _backoff.Remaining("orders").ShouldBe(TimeSpan.Zero);
        _backoff.Record("cart");

        _backoff.Clear();

        _backoff.Remaining("cart").ShouldBe(TimeSpan.Zero);
    }

    // Records a write, waits until the next one may go out, and returns that delay.
    private TimeSpan Repeat()
    {
        _backoff.Record("cart");
        var delay = _backoff.Remaining("cart");
        _time.Advance(delay);
        return delay;
    }
}
