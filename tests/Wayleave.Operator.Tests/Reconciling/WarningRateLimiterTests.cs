using Wayleave.Operator.Reconciling;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Reconciling;

public sealed class WarningRateLimiterTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly WarningRateLimiter _budget;

    public WarningRateLimiterTests() => _budget = new WarningRateLimiter(_time);

    [Fact]
    public void Repeats_a_warning_about_an_object_after_six_minutes_but_not_at_once()
    {
        _budget.TryAcquire("cart", out _).ShouldBeTrue();
        _budget.TryAcquire("cart", out _).ShouldBeFalse();

        _time.Advance(TimeSpan.FromMinutes(6));

        _budget.TryAcquire("cart", out _).ShouldBeTrue();
    }

    [Fact]
    public void Warns_about_at_most_ten_objects_a_minute_and_counts_the_skipped_warnings()
    {
        Enumerable.Range(0, 1000).Count(i => _budget.TryAcquire($"policy {i}", out _)).ShouldBe(10);

        _time.Advance(TimeSpan.FromMinutes(1));

        _budget.TryAcquire("cart", out var skipped).ShouldBeTrue();
        skipped.ShouldBe(990);
    }
}
