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
    public async Task Retries_a_failed_key_with_a_growing_delay()
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
    public async Task Reports_logs_and_counts_a_failure()
    {
        var error = new InvalidOperationException("broken");
        await using var running = new RunningController((_, _) => throw error).Start();

        running.Add("a");
        await running.IdleAsync();

        running.FailedAttempts.ShouldBe([new ReconcileFailure("shop", "a", 1, error)]);
        running.Log.At(LogLevel.Error).ShouldHaveSingleItem();
        running.Meters["wayleave_reconciles_total{controller=tests,result=error}"].ShouldBe(1);
        running.Meters["workqueue_retries_total{name=tests}"].ShouldBe(1);
    }

    [Fact]
    public async Task Reports_an_unreachable_API_server_without_a_warning_at_first()
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
    public async Task Logs_every_five_minutes_for_as_long_as_a_key_fails(Exception error, LogLevel level)
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
    public async Task Retries_a_conflict_without_reporting_it_as_a_failure()
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
    public async Task Treats_an_unrequested_cancellation_as_a_failure()
    {
        await using var running = new RunningController((_, _) => throw new OperationCanceledException()).Start();

        running.Add("a");
        await running.IdleAsync();

        running.Failures.ShouldHaveSingleItem();
        running.Time.Waits.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Requeues_an_aborted_key_without_counting_a_failure()
    {
        await using var running = new RunningController(async (_, abort) =>
        {
            await Task.Delay(Timeout.Infinite, abort);
            return ReconciliationResult.Done;
        }).Start();
        running.Add("a");
        await Soon.UntilAsync("the reconcile to start", () => running.Reconciler.Keys.Count == 1);

        await running.AbortAsync();
        await Soon.WithinAsync(running.Run);

        running.Queue.Count.ShouldBe(1);
        running.Queue.NumRequeues(RunningController.Key("a")).ShouldBe(0);
        running.Failures.ShouldBeEmpty();
        (await running.Queue.GetAsync(CancellationToken.None)).ShouldBe(RunningController.Key("a"));
    }

    [Fact]
    public async Task Draining_finishes_the_key_in_progress_and_takes_no_other()
    {
        var gate = new TaskCompletionSource<ReconciliationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var running = new RunningController((_, abort) => gate.Task.WaitAsync(abort)).Start();
        running.Add("a", "b");
        await Soon.UntilAsync("the reconcile to start", () => running.Reconciler.Keys.Count == 1);

        await running.DrainAsync();
        await Task.Yield();
        running.Run.IsCompleted.ShouldBeFalse("the reconcile is still running");
        gate.SetResult(ReconciliationResult.Done);
        await Soon.WithinAsync(running.Run);

        running.Reconciler.Keys.ShouldBe(["a"]);
        running.Queue.Count.ShouldBe(1);
        running.Meters["wayleave_reconciles_total{controller=tests,result=done}"].ShouldBe(1);
    }

    [Fact]
    public async Task Retries_a_key_that_failed_before_draining_in_the_next_run()
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
    public async Task Backs_off_after_a_fenced_write_without_reporting_a_failure()
    {
        await using var running = new RunningController((_, _) => throw new WriteFencedException()).Start();

        running.Add("a");
        await running.IdleAsync();

        running.Reconciler.Keys.ShouldBe(["a"], "it is not retried in a loop while the fence is closed");
        running.Time.Waits.ShouldHaveSingleItem();
        running.Failures.ShouldBeEmpty();
        running.Log.At(LogLevel.Warning).ShouldBeEmpty();
    }
}
