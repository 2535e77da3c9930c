using System.Net;
using Wayleave.Observation.Resolution;

namespace Wayleave.Observation.Tests.Resolution;

public sealed class AddressHistoryTests
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly AddressKey _address = new(IPAddress.Parse("10.0.0.1"));

    private readonly AddressHistory<string> _history = new(TimeSpan.FromMinutes(30), maxUses: 100);

    [Fact]
    public void Tells_two_users_of_an_address_apart_by_the_time()
    {
        _history.Begin(_address, "one", _start);
        _history.End(_address, "one", _start.AddMinutes(5));
        _history.Begin(_address, "two", _start.AddMinutes(6));

        Find(2).ShouldBe("one");
        Find(7).ShouldBe("two");
    }

    [Fact]
    public void Takes_the_later_user_when_the_end_of_the_earlier_is_seen_late()
    {
        _history.Begin(_address, "one", _start);
        _history.Begin(_address, "two", _start.AddMinutes(5));
        _history.End(_address, "one", _start.AddMinutes(6));

        Find(5.5).ShouldBe("two");
        Find(4).ShouldBe("one");
    }

    [Fact]
    public void Takes_the_nearest_user_within_a_minute_and_none_beyond()
    {
        _history.Begin(_address, "one", _start);
        _history.End(_address, "one", _start.AddMinutes(5));

        Find(5.9).ShouldBe("one");
        Find(6.1).ShouldBeNull();
        Find(-0.9).ShouldBe("one");
        Find(-1.1).ShouldBeNull();
    }

    [Fact]
    public void Remembers_a_use_for_half_an_hour_after_its_end()
    {
        _history.Begin(_address, "one", _start);
        _history.End(_address, "one", _start.AddMinutes(5));

        _history.Sweep(_start.AddMinutes(34));
        Find(4).ShouldBe("one");
        _history.Sweep(_start.AddMinutes(36));
        Find(4).ShouldBeNull();
        _history.Count.ShouldBe(0);
    }

    [Fact]
    public void Forgets_the_oldest_ends_when_there_are_too_many()
    {
        for (var number = 0; number < 1000; number++)
        {
            _history.Begin(_address, $"user-{number}", _start.AddSeconds(number));
            _history.End(_address, $"user-{number}", _start.AddSeconds(number + 0.5));
        }

        _history.Count.ShouldBe(100);
        _history.TryFind(_address, _start.AddSeconds(999), out var last).ShouldBeTrue();
        last.ShouldBe("user-999");
    }

    private string? Find(double minutes) => _history.TryFind(_address, _start.AddMinutes(minutes), out var user) ? user : null;
}
