using k8s.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Logging;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

using static Wayleave.Kubernetes.Tests.Support.FakeCollection;

namespace Wayleave.Kubernetes.Tests.Informers;

/// <summary>How an informer backs off between attempts, and when it warns.</summary>
public sealed class InformerBackoffTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(0.1);
    private static readonly RequestDelegate Broken = context =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    private static readonly RequestDelegate Busy = Answer.Status(500, "InternalError", "not now");

    [Fact]
    public async Task Pauses_double_from_a_tenth_of_a_second_to_ten_seconds_while_the_list_fails()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection().Lists(Busy));

        foreach (var expected in new[] { 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10, 10 })
        {
            (await running.EndPauseAsync()).TotalSeconds.ShouldBeInRange(expected, expected * 1.1);
        }

        running.Collection.Requests.ShouldAllBe(request => request == "list");
    }

    [Fact]
    public async Task Backs_off_while_watches_end_at_once_without_an_event()
    {
        await using var running = await RunningInformer.StartAsync(
            certificates, new FakeCollection().Watches([.. Enumerable.Repeat(Lines(), 6)]));

        foreach (var expected in new[] { 0.1, 0.2, 0.4, 0.8, 1.6, 3.2 })
        {
            (await running.EndPauseAsync()).TotalSeconds.ShouldBeInRange(expected, expected * 1.1);
        }

        await running.RequestedAsync(8);
        running.Collection.Requests.Count(request => request == "list").ShouldBe(1);
    }

    [Fact]
    public async Task Pauses_shortly_after_each_watch_that_ends_at_once_with_an_event()
    {
        await using var running = await RunningInformer.StartAsync(
            certificates, new FakeCollection().Watches([.. Enumerable.Range(2, 5).Select(version => Lines(Bookmark($"{version}")))]));

        for (var ends = 0; ends < 5; ends++)
        {
            (await running.EndPauseAsync()).ShouldBeInRange(Shortest, Shortest * 1.1);
        }
    }

    [Fact]
    public async Task An_event_resets_the_backoff()
    {
        await using var running = await RunningInformer.StartAsync(
            certificates, new FakeCollection().Watches(Busy, Busy, Busy, Lines(Added("a@6")), Busy));
        for (var failures = 0; failures < 3; failures++)
        {
            await running.EndPauseAsync();
        }

        (await running.EndPauseAsync()).ShouldBeLessThan(Shortest * 1.2);
        (await running.EndPauseAsync()).ShouldBeInRange(Shortest * 2, Shortest * 2.2, "the next failure doubles the shortest pause");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silent_watch_that_stayed_open_for_minutes_resets_the_backoff(bool cut)
    {
        var end = new TaskCompletionSource();
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection().Watches(Busy, Busy, Busy, async context =>
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await end.Task.WaitAsync(context.RequestAborted);
            if (cut)
            {
                context.Abort();
            }
        }));
        for (var failures = 0; failures < 3; failures++)
        {
            await running.EndPauseAsync();
        }

        await running.WatchingAsync();
        running.Api.Time.Advance(TimeSpan.FromMinutes(4));
        end.SetResult();

        (await running.EndPauseAsync()).ShouldBeLessThan(Shortest * 1.2);
    }

    [Fact]
    public async Task Backs_off_while_every_version_is_gone()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection().Watches([.. Enumerable.Repeat(Lines(Gone), 8)]));

        foreach (var expected in new[] { 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10 })
        {
            (await running.EndPauseAsync()).TotalSeconds.ShouldBeInRange(expected, expected * 1.1);
        }
    }

    [Fact]
    public async Task Backs_off_while_watches_send_malformed_lines()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection().Watches([.. Enumerable.Repeat(Lines("garbage"), 4)]));

        foreach (var expected in new[] { 0.1, 0.2, 0.4, 0.8 })
        {
            (await running.EndPauseAsync()).TotalSeconds.ShouldBeInRange(expected, expected * 1.1);
        }
    }

    [Fact]
    public async Task Relists_when_the_API_server_keeps_rejecting_its_version()
    {
        // An API server responds like this after its etcd was restored from an older backup.
        var refused = Answer.Status(504, "Timeout", "Too large resource version: 5, current: 3");
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection()
            .Lists(Page("5", null, "a@1", "b@4"), Page("3", null, "a@1"))
            .Watches([.. Enumerable.Repeat(refused, 6)]));

        for (var refusals = 0; refusals < 6; refusals++)
        {
            await running.EndPauseAsync();
        }

        await running.ChangedAsync("b@4 -> ");
        await Soon.UntilAsync("the watch", () => running.Collection.Requests[^1] == "watch 3");
    }

    [Fact]
    public async Task Keeps_its_version_while_the_API_server_cannot_be_reached()
    {
        await using var running =
            await RunningInformer.StartAsync(certificates, new FakeCollection().Watches([.. Enumerable.Repeat(Broken, 9)]));

        for (var failures = 0; failures < 9; failures++)
        {
            await running.EndPauseAsync();
        }

        await running.RequestedAsync(11);
        running.Collection.Requests.Skip(1).ShouldAllBe(request => request == "watch 1");
    }

    [Fact]
    public Task Warns_every_five_minutes_for_as_long_as_the_list_fails() => WarnsAsync(new FakeCollection().Lists(Busy));

    [Fact]
    public Task Warns_every_five_minutes_for_as_long_as_the_watch_is_forbidden() =>
        WarnsAsync(new FakeCollection().Watches([.. Enumerable.Repeat(Answer.Status(403, "Forbidden", "no"), 200)]));

    [Fact]
    public Task Warns_every_five_minutes_for_as_long_as_every_watch_ends_right_away() =>
        WarnsAsync(new FakeCollection().Watches([.. Enumerable.Repeat(Lines(), 200)]));

    [Fact]
    public Task Warns_every_five_minutes_for_as_long_as_every_version_is_gone() =>
        WarnsAsync(new FakeCollection().Watches([.. Enumerable.Repeat(Lines(Gone), 200)]));

    [Fact]
    public async Task Does_not_warn_about_a_version_that_is_gone_after_an_outage()
    {
        await using var running =
            await RunningInformer.StartAsync(certificates, new FakeCollection().Watches(Broken, Broken, Broken, Lines(Gone)));
        for (var failures = 0; failures < 4; failures++)
        {
            await running.EndPauseAsync();
        }

        await running.RequestedAsync(7);
        running.Log.At(LogLevel.Warning).ShouldBeEmpty();
    }

    [Fact]
    public async Task Informers_that_share_a_log_throttle_log_the_same_failure_once()
    {
        var messages = new LogThrottle(new ManualTimeProvider());
        var options = new InformerOptions<V1ConfigMap> { LogThrottle = messages };
        await using var one = await RunningInformer.StartAsync(certificates, new FakeCollection().Lists(Busy), options);
        await using var other = await RunningInformer.StartAsync(certificates, new FakeCollection().Lists(Busy), options);
        foreach (var running in new[] { one, other })
        {
            for (var failures = 0; failures < 6; failures++)
            {
                await running.EndPauseAsync();
            }
        }

        (one.Log.At(LogLevel.Warning).Count, other.Log.At(LogLevel.Warning).Count).ShouldBe((1, 0));
    }

    private async Task WarnsAsync(FakeCollection collection)
    {
        await using var running = await RunningInformer.StartAsync(certificates, collection);
        var start = running.Api.Time.GetTimestamp();
        while (running.Api.Time.GetElapsedTime(start) < TimeSpan.FromMinutes(16))
        {
            await running.EndPauseAsync();
        }

        running.Log.At(LogLevel.Warning).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Warns_once_from_the_fourth_failure_in_a_row_on()
    {
        await using var running = await RunningInformer.StartAsync(certificates, new FakeCollection().Lists(Busy));

        for (var failures = 1; failures <= 12; failures++)
        {
            await Soon.UntilAsync("the failure", () => running.Log.At(LogLevel.Debug).Count + running.Log.At(LogLevel.Warning).Count == failures);
            running.Log.At(LogLevel.Warning).Count.ShouldBe(failures < 4 ? 0 : 1);
            await running.EndPauseAsync();
        }

        running.Log.At(LogLevel.Warning)[0].ShouldBe("Cannot list or watch configmaps after 4 attempts: 500 InternalError: not now");
    }
}
