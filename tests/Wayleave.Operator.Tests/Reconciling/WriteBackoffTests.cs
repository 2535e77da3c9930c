using Wayleave.Operator.Reconciling;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Reconciling;

public sealed class WriteBackoffTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly WriteBackoff<string> _backoff;

    public WriteBackoffTests() => _backoff = new WriteBackoff<string>(_time);

    [Fact]
    public void Lets_the_first_write_go_out_at_once()
    {
        _backoff.Remaining("cart").ShouldBe(TimeSpan.Zero);
        _backoff.Record("cart").ShouldBeFalse();
    }

    [Fact]
    public void Doubles_the_delay_up_to_a_bound()
    {
        var delays = Enumerable.Range(0, 15).Select(_ => Repeat()).ToList();

        delays[0].ShouldBe(TimeSpan.FromMilliseconds(50));
        delays.Zip(delays.Skip(1)).ShouldAllBe(pair => pair.Second == pair.First * 2 || pair.Second == WriteBackoff<string>.Longest);
        delays[^1].ShouldBe(WriteBackoff<string>.Longest);
    }

    [Fact]
    public void Starts_again_after_the_object_was_left_alone()
    {
        Repeat();
        Repeat();

        _time.Advance(TimeSpan.FromMinutes(1));

        _backoff.Record("cart").ShouldBeFalse();
    }

    [Fact]
    public void Does_not_start_again_while_the_delays_themselves_are_long()
    {
        for (var i = 0; i < 13; i++)
        {
            Repeat();
        }

        _time.Advance(TimeSpan.FromMinutes(3));

        _backoff.Record("cart").ShouldBeTrue();
    }

    [Fact]
    public void Says_how_long_an_object_stays_contested()
    {
        for (var i = 0; i < WriteBackoff<string>.ContestedFrom - 1; i++)
        {
            Repeat();
        }

        _backoff.ContestedFor("cart").ShouldBeNull();
        _backoff.Record("cart");
        var calm = _backoff.ContestedFor("cart").ShouldNotBeNull();
        _time.Advance(calm);
        _backoff.ContestedFor("cart").ShouldBeNull();
    }

    [Fact]
    public void Keeps_objects_apart_and_forgets_them_all()
    {
        Repeat();
        _backoff.Remaining("orders").ShouldBe(TimeSpan.Zero);
        _backoff.Record("cart");

        _backoff.Clear();

        _backoff.Remaining("cart").ShouldBe(TimeSpan.Zero);
    }

    // A write, and the time that the next has to wait for.
    private TimeSpan Repeat()
    {
        _backoff.Record("cart");
        var delay = _backoff.Remaining("cart");
        _time.Advance(delay);
        return delay;
    }
}
