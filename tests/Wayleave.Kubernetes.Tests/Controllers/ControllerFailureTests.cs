using System.Net;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Controllers;

public sealed class ControllerFailureTests
{
    [Fact]
    public async Task A_failure_is_tried_again_with_a_growing_delay()
    {
        await using var running = new RunningController((_, _) => throw new InvalidOperationException("broken")).Start();
        running.Add("a");

        TimeSpan previous = default;
        for (var failures = 1; failures <= 5; failures++)
        {
            await Soon.UntilAsync("the next failure", () => running.Failures.Count == failures && running.Queue.IsIdle);
            var delay = running.Time.Waits.ShouldHaveSingleItem();
            delay.ShouldBeGreaterThan(previous * 1.5);
            previous = delay;
            running.Time.Advance(delay);
        }
    }

    [Fact]
    public async Task A_failure_is_told_logged_and_counted()
    {
        var error = new InvalidOperationException("broken");
        await using var running = new RunningController((_, _) => throw error).Start();

        running.Add("a");
        await running.IdleAsync();

        running.Failures.ShouldBe([error]);
        running.Log.At(LogLevel.Error).ShouldHaveSingleItem();
        running.Meters["wayleave_reconciles_total{controller=tests,result=error}"].ShouldBe(1);
        running.Meters["workqueue_retries_total{name=tests}"].ShouldBe(1);
    }

    [Fact]
    public async Task An_api_server_that_cannot_be_reached_is_no_flood_of_lines()
    {
        var error = new HttpRequestException("refused");
        await using var running = new RunningController((_, _) => throw error).Start();

        running.Add("a");
        await running.IdleAsync();

        running.Failures.ShouldBe([error]);
        running.Log.At(LogLevel.Warning).ShouldBeEmpty();
        running.Log.At(LogLevel.Error).ShouldBeEmpty();
    }

    public static TheoryData<Exception, LogLevel> LastingFailures => new()
    {
        { new HttpRequestException("refused"), LogLevel.Warning },
        { ApiErrors.Create(new V1Status { Reason = "Conflict", Message = "changed" }, HttpStatusCode.Conflict), LogLevel.Warning },
        { new InvalidOperationException("broken"), LogLevel.Error },
    };

    [Theory]
    [MemberData(nameof(LastingFailures))]
    public async Task Reports_a_key_that_keeps_failing_every_five_minutes_for_as_long_as_it_fails(Exception error, LogLevel level)
    {
        await using var running = new RunningController((_, _) => throw error).Start();
        running.Add("a");
        var start = running.Time.GetTimestamp();
        while (running.Time.GetElapsedTime(start) < TimeSpan.FromHours(3))
        {
            await running.IdleAsync();
            running.Time.Advance(running.Time.Waits.ShouldHaveSingleItem());
        }

        running.Log.At(level).Count.ShouldBeInRange(28, 36);
    }

    [Fact]
    public async Task One_failing_key_does_not_stop_the_others()
    {
        await using var running = new RunningController(
            (key, _) => key.Name == "bad" ? throw new InvalidOperationException("broken") : Task.FromResult(ReconciliationResult.Done)).Start();

        running.Add("bad", "good");
        await running.IdleAsync();

        running.Reconciler.Keys.ShouldBe(["bad", "good"]);
    }

    [Fact]
    public async Task A_conflict_is_tried_again_quietly()
    {
        var conflict = ApiErrors.Create(new V1Status { Reason = "Conflict", Message = "changed" }, HttpStatusCode.Conflict);
        await using var running = new RunningController((_, _) => throw conflict).Start();

        running.Add("a");
        await running.IdleAsync();

        running.Time.Waits.ShouldHaveSingleItem();
        running.Failures.ShouldBeEmpty();
        running.Log.At(LogLevel.Warning).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_a_failure()
    {
        await using var running = new RunningController((_, _) => throw new OperationCanceledException()).Start();

        running.Add("a");
        await running.IdleAsync();

        running.Failures.ShouldHaveSingleItem();
        running.Time.Waits.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Work_that_is_aborted_goes_back_into_the_queue_and_is_no_failure()
    {
        await using var running = new RunningController(async (_, abort) =>
        {
            await Task.Delay(Timeout.Infinite, abort);
            return ReconciliationResult.Done;
        }).Start();
        running.Add("a");
        await Soon.UntilAsync("work to begin", () => running.Reconciler.Keys.Count == 1);

        await running.AbortAsync();
        await Soon.WithinAsync(running.Run);

        running.Queue.Count.ShouldBe(1);
        running.Queue.NumRequeues(RunningController.Key("a")).ShouldBe(0);
        running.Failures.ShouldBeEmpty();
        (await running.Queue.GetAsync(CancellationToken.None)).ShouldBe(RunningController.Key("a"));
    }

    [Fact]
    public async Task Draining_finishes_what_is_worked_on_and_takes_nothing_more()
    {
        var gate = new TaskCompletionSource<ReconciliationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var running = new RunningController((_, abort) => gate.Task.WaitAsync(abort)).Start();
        running.Add("a", "b");
        await Soon.UntilAsync("work to begin", () => running.Reconciler.Keys.Count == 1);

        await running.DrainAsync();
        await Task.Yield();
        running.Run.IsCompleted.ShouldBeFalse("the work is not over");
        gate.SetResult(ReconciliationResult.Done);
        await Soon.WithinAsync(running.Run);

        running.Reconciler.Keys.ShouldBe(["a"]);
        running.Queue.Count.ShouldBe(1);
        running.Meters["wayleave_reconciles_total{controller=tests,result=done}"].ShouldBe(1);
    }

    [Fact]
    public async Task Work_that_fails_while_draining_is_tried_again_by_the_next_run()
    {
        var fail = true;
        await using var running = new RunningController(
            (_, _) => fail ? throw new InvalidOperationException("broken") : Task.FromResult(ReconciliationResult.Done)).Start();
        running.Add("a");
        await running.IdleAsync();
        await running.DrainAsync();
        await Soon.WithinAsync(running.Run);

        fail = false;
        running.Time.Advance(TimeSpan.FromMinutes(2));
        using var abort = new CancellationTokenSource();
        var again = running.Controller.RunAsync(abort.Token, abort.Token);
        await running.IdleAsync();
        await abort.CancelAsync();
        await Soon.WithinAsync(again);

        running.Reconciler.Keys.ShouldBe(["a", "a"]);
    }

    [Fact]
    public async Task A_write_held_back_by_the_fence_is_tried_again_without_haste_and_is_no_failure()
    {
        await using var running = new RunningController((_, _) => throw new WriteFencedException()).Start();

        running.Add("a");
        await running.IdleAsync();

        running.Reconciler.Keys.ShouldBe(["a"], "it is not tried over and over while the fence is closed");
        running.Time.Waits.ShouldHaveSingleItem();
        running.Failures.ShouldBeEmpty();
        running.Log.At(LogLevel.Warning).ShouldBeEmpty();
    }
}
