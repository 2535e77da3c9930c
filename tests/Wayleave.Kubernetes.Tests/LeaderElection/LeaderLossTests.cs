using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.LeaderElection;

/// <summary>Losing the lease, and giving it back.</summary>
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
        one.Client.Before = hangs ? FakeLeaseClient.HangAsync : _ => throw new HttpRequestException("refused");

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
        await one.PassAsync(Deadline - TimeSpan.FromSeconds(1));

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
        one.Client.Before = FakeLeaseClient.HangAsync;

        void NeverBoth() => ((one.Elector.IsLeader || one.IsActing) && (two.Elector.IsLeader || two.IsActing)).ShouldBeFalse();
        await Contender.PassAsync([one, two], TimeSpan.FromSeconds(20), NeverBoth);
        two.Elector.IsLeader.ShouldBeTrue();
        one.Client.Before = _ => Task.CompletedTask;
        await Contender.PassAsync([one, two], TimeSpan.FromSeconds(20), NeverBoth);
        await two.StopAsync();
        await Contender.PassAsync([one, two], TimeSpan.FromSeconds(5), NeverBoth);

        one.Elector.IsLeader.ShouldBeTrue();
        (one.TimesLed, two.TimesLed).ShouldBe((2, 1));
        _server.Read()!.Spec!.LeaseTransitions.ShouldBe(2);
    }

    [Fact]
    public async Task A_process_that_was_frozen_knows_by_its_clock_alone_that_it_may_not_act()
    {
        await using var one = new Contender(_server, "one").Start();

        one.Time.Freeze(Deadline - TimeSpan.FromMilliseconds(1));
        one.Elector.IsLeader.ShouldBeTrue();
        one.Time.Freeze(TimeSpan.FromMilliseconds(1));

        one.Elector.IsLeader.ShouldBeFalse();
        one.Lost.IsCancellationRequested.ShouldBeFalse("no code could run yet");
        one.Time.Advance(TimeSpan.Zero);
        await Soon.UntilAsync("the work to be told", () => one.Lost.IsCancellationRequested);
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

    [Fact]
    public async Task Stopping_gives_the_lease_back_so_that_the_next_need_not_wait()
    {
        await using var one = new Contender(_server, "one").Start();
        await using var two = new Contender(_server, "two").Start();
        await Contender.PassAsync([one, two], TimeSpan.FromSeconds(3));

        await one.StopAsync();
        await Soon.WithinAsync(one.Run);
        one.Elector.IsLeader.ShouldBeFalse();
        await two.PassAsync(TimeSpan.FromSeconds(2));

        two.Elector.IsLeader.ShouldBeTrue();
        _server.Holders.ShouldBe(["one", "one", "", "two"]);
        one.Log.At(LogLevel.Information).ShouldBe(["Leading as one.", "one released the lease."]);
    }

    [Fact]
    public async Task While_the_work_comes_to_its_end_the_lease_is_renewed()
    {
        var ending = new TaskCompletionSource();
        await using var one = new Contender(_server, "one") { Lead = _ => ending.Task };
        one.Start();

        await one.StopAsync();
        await one.PassAsync(TimeSpan.FromSeconds(30), () => (one.Elector.IsLeader, one.Lost.IsCancellationRequested).ShouldBe((true, false)));
        ending.SetResult();

        await Soon.WithinAsync(one.Run);
        _server.Holders[^1].ShouldBe("");
        one.TimesLed.ShouldBe(1);
    }

    [Fact]
    public async Task By_the_time_the_lease_is_given_back_it_no_longer_leads()
    {
        var ending = new TaskCompletionSource();
        await using var one = new Contender(_server, "one") { Lead = _ => ending.Task };
        one.Start();
        bool? ledWhileReleasing = null;
        one.Client.BeforeWrite = () => ledWhileReleasing = one.Elector.IsLeader;

        await one.StopAsync();
        ending.SetResult();
        await Soon.WithinAsync(one.Run);

        _server.Holders[^1].ShouldBe("");
        ledWhileReleasing.ShouldBe(false);
    }

    [Fact]
    public async Task A_lease_that_cannot_be_given_back_does_not_hold_up_the_end()
    {
        await using var one = new Contender(_server, "one").Start();
        var tried = new TaskCompletionSource();
        one.Client.Before = token =>
        {
            tried.SetResult();
            return FakeLeaseClient.HangAsync(token);
        };

        await one.StopAsync();
        await Soon.WithinAsync(tried.Task);
        one.Time.Advance(TimeSpan.FromSeconds(2));

        await Soon.WithinAsync(one.Run);
        one.Elector.IsLeader.ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Work_that_fails_ends_it_with_its_failure_and_gives_the_lease_back(bool atOnce)
    {
        var failing = new TaskCompletionSource();
        await using var one = new Contender(_server, "one");
        one.Lead = _ => atOnce ? throw new InvalidOperationException("broken") : failing.Task;

        var run = one.Elector.RunAsync(one.Lead, one.Stopping);
        failing.SetException(new InvalidOperationException("broken"));

        (await Should.ThrowAsync<InvalidOperationException>(() => Soon.WithinAsync(run))).Message.ShouldBe("broken");
        one.Elector.IsLeader.ShouldBeFalse();
        _server.Holders.ShouldBe(["one", ""]);
    }
}
