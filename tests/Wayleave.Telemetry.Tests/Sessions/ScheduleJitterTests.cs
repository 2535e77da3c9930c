using FsCheck;
using FsCheck.Fluent;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Sessions;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Sessions;

public sealed class ScheduleJitterTests
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Fact]
    public void The_first_run_is_less_than_an_interval_away() =>
        Prop.ForAll(
            Gen.Choose(1, 100_000).ToArbitrary(),
            Gen.Choose(0, 86_400_000).ToArbitrary(),
            (seconds, milliseconds) =>
            {
                var interval = TimeSpan.FromSeconds(seconds);
                var now = Sample.Time.AddMilliseconds(milliseconds);
                var wait = ScheduleJitter.GetNextRun(ContextId.CreateRandom(), interval, now) - now;
                return wait >= TimeSpan.Zero && wait < interval;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_restart_does_not_move_a_scheduled_run()
    {
        var run = ScheduleJitter.GetNextRun(FakeContextIdSource.Cluster, Day, Sample.Time);

        ScheduleJitter.GetNextRun(FakeContextIdSource.Cluster, Day, run).ShouldBe(run);
        ScheduleJitter.GetNextRun(FakeContextIdSource.Cluster, Day, run.AddTicks(-1)).ShouldBe(run);
        ScheduleJitter.GetNextRun(FakeContextIdSource.Cluster, Day, run.AddTicks(1)).ShouldBe(run + Day);
    }

    [Fact]
    public void Spreads_a_thousand_clusters_over_all_seconds_of_a_minute()
    {
        const int Clusters = 1000;
        var minute = TimeSpan.FromMinutes(1);
        var seconds = Enumerable.Range(0, Clusters)
            .Select(number => ScheduleJitter.GetNextRun(ContextId.FromClusterUid($"cluster-{number}"), minute, Sample.Time).Second)
            .GroupBy(second => second)
            .ToList();

        seconds.Count.ShouldBe(60);
        seconds.Max(second => second.Count()).ShouldBeLessThan(Clusters / 20);
    }
}
