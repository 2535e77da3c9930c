using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.LeaderElection;

/// <summary>How a leader loses the lease.</summary>
public sealed class LeaderLossTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.1);

    private readonly FakeLeaseServer _server = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stops_leading_at_the_renew_deadline_when_it_cannot_renew(bool hangs)
    {
        await using var one = new Contender(_server, "one").Start();
        await one.PassAsync(TimeSpan.FromSeconds(4));
        one.Client.Before = hangs ? one.HangAsync : _ => throw new HttpRequestException("refused");

        await one.PassAsync(Deadline - Step, () => (one.Elector.IsLeader, one.Lost.IsCancellationRequested).ShouldBe((true, false)));
        one.Time.Advance(Step);

        one.Elector.IsLeader.ShouldBeFalse();
        await Soon.UntilAsync("the work to be canceled", () => one.Lost.IsCancellationRequested && !one.IsActing);
        one.Log.At(LogLevel.Warning).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Keeps_leading_after_failed_renewals_within_the_deadline()
    {
        await using var one = new Contender(_server, "one").Start();
        one.Client.Before = _ => throw new HttpRequestException("refused");
        await one.PassAsync(Deadline - TimeSpan.FromSeconds(3));

        one.Client.Before = _ => Task.CompletedTask;
        await one.PassAsync(TimeSpan.FromMinutes(1), () => one.Elector.IsLeader.ShouldBeTrue());

        one.TimesLed.ShouldBe(1);
    }

    [Fact]
    public async Task A_disconnected_leader_never_leads_at_the_same_time_as_its_successor()
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
    public async Task A_frozen_process_loses_leadership_by_its_own_clock()
    {
        await using var one = new Contender(_server, "one").Start();
        var lost = one.Lost;

        one.Time.Freeze(Deadline - TimeSpan.FromMilliseconds(1));
        one.Elector.IsLeader.ShouldBeTrue();
        one.Time.Freeze(TimeSpan.FromMilliseconds(1));

        one.Elector.IsLeader.ShouldBeFalse();
        lost.IsCancellationRequested.ShouldBeFalse("no code could run yet");
        one.Time.Advance(TimeSpan.Zero);
        await Soon.UntilAsync("the work to be canceled", () => lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Keeps_leading_when_the_wall_clock_jumps()
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
    public async Task Stops_leading_without_a_write_when_another_holder_takes_the_lease()
    {
        var ending = new TaskCompletionSource();
        await using var one = new Contender(_server, "one") { Lead = _ => ending.Task };
        one.Start();
        _server.Put(new V1LeaseSpec { HolderIdentity = "thief", LeaseDurationSeconds = 15, LeaseTransitions = 1 });

        await one.PassAsync(TimeSpan.FromSeconds(2));

        await Soon.UntilAsync("the work to be canceled", () => one.Lost.IsCancellationRequested);
        one.Elector.IsLeader.ShouldBeFalse("although its last renewal is recent");
        ending.SetResult();
        await one.PassAsync(TimeSpan.FromSeconds(5));
        _server.Holders.ShouldBe(["one", "thief"]);
        one.TimesLed.ShouldBe(1);
    }

    [Fact]
    public async Task Keeps_leading_and_takes_its_lease_again_when_the_holder_is_erased()
    {
        await using var one = new Contender(_server, "one").Start();
        _server.Put(null);

        await one.PassAsync(TimeSpan.FromSeconds(2));

        // The lease has no holder, so the leader can take it again and its term continues.
        (one.Elector.IsLeader, one.TimesLed, _server.Read()!.Spec!.HolderIdentity).ShouldBe((true, 1, "one"));
    }
}
