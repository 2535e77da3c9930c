using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.LeaderElection;

/// <summary>How a leader releases the lease.</summary>
public sealed class LeaderReleaseTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.1);

    private readonly FakeLeaseServer _server = new();

    [Fact]
    public async Task Stopping_releases_the_lease_so_that_another_leads_before_it_expires()
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
    public async Task Renews_the_lease_until_the_work_has_ended()
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
    public async Task Stops_leading_before_it_releases_the_lease()
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
    public async Task Ends_after_two_seconds_when_the_release_hangs()
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
    public async Task Rethrows_the_error_of_failed_work_and_releases_the_lease(bool atOnce)
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
