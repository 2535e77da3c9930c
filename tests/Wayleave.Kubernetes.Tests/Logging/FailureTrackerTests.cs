using Wayleave.Kubernetes.Logging;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Logging;

public sealed class FailureTrackerTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();
    private readonly FailureTracker<string> _failures;

    public FailureTrackerTests() => _failures = new FailureTracker<string>(_time);

    [Fact]
    public void Warns_every_five_minutes_for_as_long_as_the_failure_lasts()
    {
        List<TimeSpan> warned = [];
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromDays(1); passed += TimeSpan.FromSeconds(10))
        {
            if (_failures.RecordFailure("a", Grace).IsWarningDue)
            {
                warned.Add(passed);
            }

            _time.Advance(TimeSpan.FromSeconds(10));
        }

        warned.Count.ShouldBe(288);
        warned[..3].ShouldBe([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(310), TimeSpan.FromSeconds(610)]);
    }

    [Fact]
    public void Does_not_warn_about_a_failure_that_passes_within_the_grace()
    {
        for (var round = 0; round < 100; round++)
        {
            _failures.RecordFailure("a", Grace).IsWarningDue.ShouldBeFalse();
            _time.Advance(TimeSpan.FromSeconds(9));
            _failures.RecordFailure("a", Grace).IsWarningDue.ShouldBeFalse();
            _failures.RecordSuccess("a");
        }
    }

    [Fact]
    public void Counts_failures_in_a_row_and_the_keys_that_fail()
    {
        _failures.RecordFailure("a", Grace).ShouldBe(new FailureReport(1, 1, false));
        _failures.RecordFailure("b", Grace).ShouldBe(new FailureReport(1, 2, false));
        _failures.RecordFailure("a", Grace).ShouldBe(new FailureReport(2, 2, false));
        _failures.RecordSuccess("b");
        _failures.RecordFailure("a", Grace).ShouldBe(new FailureReport(3, 1, false));
        _failures.RecordSuccess("a");
        _failures.RecordFailure("a", Grace).ShouldBe(new FailureReport(1, 1, false));
    }

    [Fact]
    public void Warns_at_most_every_five_minutes_about_a_key_that_fails_intermittently()
    {
        _failures.RecordFailure("a", TimeSpan.Zero).IsWarningDue.ShouldBeTrue();
        _failures.RecordSuccess("a");
        _time.Advance(TimeSpan.FromMinutes(4));
        _failures.RecordFailure("a", TimeSpan.Zero).IsWarningDue.ShouldBeFalse();
        _failures.RecordSuccess("a");
        _time.Advance(TimeSpan.FromMinutes(1));
        _failures.RecordFailure("a", TimeSpan.Zero).IsWarningDue.ShouldBeTrue();
    }

    [Fact]
    public void Warns_about_at_most_twenty_keys_and_reports_how_many_fail()
    {
        var reports = Enumerable.Range(0, 1000).Select(number => _failures.RecordFailure($"key {number}", TimeSpan.Zero)).ToList();
        reports.Count(report => report.IsWarningDue).ShouldBe(20);
        reports[^1].FailingKeys.ShouldBe(1000);

        _time.Advance(TimeSpan.FromMinutes(5));

        Enumerable.Range(0, 1000).Count(number => _failures.RecordFailure($"key {number}", TimeSpan.Zero).IsWarningDue).ShouldBe(20);
    }
}
