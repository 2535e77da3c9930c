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
    public void The_first_turn_is_less_than_an_interval_away() =>
        Prop.ForAll(
            Gen.Choose(1, 100_000).ToArbitrary(),
            Gen.Choose(0, 86_400_000).ToArbitrary(),
            (seconds, milliseconds) =>
            {
                var interval = TimeSpan.FromSeconds(seconds);
                var now = Sample.Time.AddMilliseconds(milliseconds);
                var wait = ScheduleJitter.Next(ContextId.Random(), interval, now) - now;
                return wait >= TimeSpan.Zero && wait < interval;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_restart_does_not_move_a_turn()
    {
        var turn = ScheduleJitter.Next(FakeContextIds.Cluster, Day, Sample.Time);

        ScheduleJitter.Next(FakeContextIds.Cluster, Day, turn).ShouldBe(turn);
        ScheduleJitter.Next(FakeContextIds.Cluster, Day, turn.AddTicks(-1)).ShouldBe(turn);
        ScheduleJitter.Next(FakeContextIds.Cluster, Day, turn.AddTicks(1)).ShouldBe(turn + Day);
    }

    [Fact]
    public void A_fleet_does_not_report_in_the_same_second()
    {
        const int Clusters = 1000;
        var minute = TimeSpan.FromMinutes(1);
        var seconds = Enumerable.Range(0, Clusters)
            .Select(number => ScheduleJitter.Next(ContextId.FromClusterUid($"cluster-{number}"), minute, Sample.Time).Second)
            .GroupBy(second => second)
            .ToList();

        seconds.Count.ShouldBe(60);
        seconds.Max(second => second.Count()).ShouldBeLessThan(Clusters / 20);
    }
}
