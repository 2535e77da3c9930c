using Wayleave.Operator.Reconciling;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Reconciling;

public sealed class ExpiringCacheTests
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(1);
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Forgets_a_value_after_its_lifetime()
    {
        var map = new ExpiringCache<string, int>(_lifetime, _time);
        map.Set("a", 1);

        _time.Advance(_lifetime);
        map.TryGet("a", out var value).ShouldBeTrue();
        value.ShouldBe(1);
        _time.Advance(TimeSpan.FromTicks(1));
        map.TryGet("a", out _).ShouldBeFalse();
    }

    [Fact]
    public void Keeps_recent_values_when_it_removes_expired_ones()
    {
        var map = new ExpiringCache<int, int>(_lifetime, _time);
        for (var i = 0; i < 2000; i++)
        {
            map.Set(i, i);
        }

        _time.Advance(_lifetime * 2);
        for (var i = 10_000; i < 15_000; i++)
        {
            map.Set(i, i);
        }

        map.TryGet(10_000, out _).ShouldBeTrue();
        map.TryGet(14_999, out _).ShouldBeTrue();
        map.TryGet(0, out _).ShouldBeFalse();
    }
}
