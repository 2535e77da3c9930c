using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.LeaderElection;

/// <summary>Losing the lease.</summary>
public sealed class LeaderLossTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.1);

    private readonly FakeLeaseServer _server = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_leader_that_cannot_renew_stops_when_its_deadline_is_over(bool hangs)
    {
        await using var one = new Contender(_server, "one").Start();
        await one.PassAsync(TimeSpan.FromSeconds(4));
        one.Client.Before = hangs ? one.HangAsync : _ => throw new HttpRequestException("refused");

        await one.PassAsync(Deadline - Step, () => (one.Elector.IsLeader, one.Lost.IsCancellationRequested).ShouldBe((true, false)));
        one.Time.Advance(Step);

        one.Elector.IsLeader.ShouldBeFalse();
        await Soon.UntilAsync("the work to be told", () => one.Lost.IsCancellationRequested && !one.IsActing);
        one.Log.At(LogLevel.Warning).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_leader_that_missed_renewals_but_not_the_deadline_goes_on()
    {
        await using var one = new Contender(_server, "one").Start();
        one.Client.Before = _ => throw new HttpRequestException("refused");
        await one.PassAsync(Deadline - TimeSpan.FromSeconds(3));

        one.Client.Before = _ => Task.CompletedTask;
        await one.PassAsync(TimeSpan.FromMinutes(1), () => one.Elector.IsLeader.ShouldBeTrue());

        one.TimesLed.ShouldBe(1);
    }

    [Fact]
    public async Task A_leader_cut_off_has_stopped_before_another_starts_and_leads_again_only_after_it()
    {
        await using var one = new Contender(_server, "one").Start();
        await using var two = new Contender(_server, "two").Start();
        await Contender.PassAsync([one, two], TimeSpan.FromSeconds(7));
        one.Client.Before = one.HangAsync;

        void NeverBoth() => ((one.Elector.IsLeader || one.IsActing) && (two.Elector.IsLeader || two.IsActing)).ShouldBeFalse();
        await Contender.PassAsync([one, two], TimeSpan.FromSeconds(20), NeverBoth);
        two.Elector.IsLeader.ShouldBeTrue();
        one.Client.Before = _ => Task.CompletedTask;
        await Contender.PassAsync([one, two], TimeSpan.FromSeconds(40), NeverBoth);
        await two.StopAsync();
        await Soon.UntilAsync("the other to release the lease and end", () => two.Run.IsCompleted);
        await Contender.PassAsync([one, two], TimeSpan.FromSeconds(5), NeverBoth);

        one.Elector.IsLeader.ShouldBeTrue();
        (one.TimesLed, two.TimesLed).ShouldBe((2, 1));
        _server.Read()!.Spec!.LeaseTransitions.ShouldBe(2);
    }

    [Fact]
    public async Task A_process_that_was_frozen_knows_by_its_clock_alone_that_it_may_not_act()
    {
        await using var one = new Contender(_server, "one").Start();
        var lost = one.Lost;

        one.Time.Freeze(Deadline - TimeSpan.FromMilliseconds(1));
        one.Elector.IsLeader.ShouldBeTrue();
        one.Time.Freeze(TimeSpan.FromMilliseconds(1));

        one.Elector.IsLeader.ShouldBeFalse();
        lost.IsCancellationRequested.ShouldBeFalse("no code could run yet");
        one.Time.Advance(TimeSpan.Zero);
        await Soon.UntilAsync("the work to be told", () => lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_wall_clock_that_is_set_changes_nothing()
    {
        await using var one = new Contender(_server, "one").Start();

        foreach (var jump in new[] { TimeSpan.FromDays(1), TimeSpan.FromDays(-3) })
        {
            one.Time.SetWallClock(jump);
            await one.PassAsync(TimeSpan.FromSeconds(20), () => one.Elector.IsLeader.ShouldBeTrue());
        }

        one.TimesLed.ShouldBe(1);
    }

    [Fact]
    public async Task A_leader_whose_lease_was_stolen_stops_at_once_and_leaves_the_thiefs_lease_alone()
    {
        var ending = new TaskCompletionSource();
        await using var one = new Contender(_server, "one") { Lead = _ => ending.Task };
        one.Start();
        _server.Put(new V1LeaseSpec { HolderIdentity = "thief", LeaseDurationSeconds = 15, LeaseTransitions = 1 });

        await one.PassAsync(TimeSpan.FromSeconds(2));

        await Soon.UntilAsync("the work to be told", () => one.Lost.IsCancellationRequested);
        one.Elector.IsLeader.ShouldBeFalse("although its own last renewal is not old");
        ending.SetResult();
        await one.PassAsync(TimeSpan.FromSeconds(5));
        _server.Holders.ShouldBe(["one", "thief"]);
        one.TimesLed.ShouldBe(1);
    }

    [Fact]
    public async Task A_lease_whose_holder_was_wiped_out_is_taken_again_by_it()
    {
        await using var one = new Contender(_server, "one").Start();
        _server.Put(null);

        await one.PassAsync(TimeSpan.FromSeconds(2));

        // Nobody holds it, so that to take it is to keep it.
        (one.Elector.IsLeader, one.TimesLed, _server.Read()!.Spec!.HolderIdentity).ShouldBe((true, 1, "one"));
    }
}
