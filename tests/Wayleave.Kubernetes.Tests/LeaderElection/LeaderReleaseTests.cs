using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.LeaderElection;

/// <summary>Giving the lease back.</summary>
public sealed class LeaderReleaseTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.1);

    private readonly FakeLeaseServer _server = new();

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
        one.Log.At(LogLevel.Information).ShouldBe(["Became leader one", "Released lease one"]);
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
            return one.HangAsync(token);
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
