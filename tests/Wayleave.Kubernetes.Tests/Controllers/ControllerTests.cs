using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Controllers;

public sealed class ControllerTests
{
    public static TheoryData<string> FinalOutcomes => ["done", "no_requeue", "stalled"];

    [Theory]
    [MemberData(nameof(FinalOutcomes))]
    public async Task Does_not_requeue_a_key_that_is_done_waiting_or_stalled(string outcome)
    {
        ReconciliationResult result = outcome switch
        {
            "done" => ReconciliationResult.Done,
            "no_requeue" => ReconciliationResult.NoRequeue,
            _ => ReconciliationResult.Stalled("the port is missing"),
        };
        await using var running = new RunningController((_, _) => Task.FromResult(result)).Start();

        running.Add("a");
        await running.IdleAsync();

        running.Time.Waits.ShouldBeEmpty("nothing is scheduled");
        running.Reconciler.Keys.ShouldBe(["a"]);
        running.Failures.ShouldBeEmpty();
        running.Meters[$"wayleave_reconciles_total{{controller=tests,result={outcome}}}"].ShouldBe(1);
    }

    [Fact]
    public async Task A_stalled_key_is_logged_with_its_reason()
    {
        await using var running = new RunningController((_, _) => Task.FromResult(ReconciliationResult.Stalled("the port is missing"))).Start();

        running.Add("a");
        await running.IdleAsync();

        running.Log.At(LogLevel.Debug).ShouldHaveSingleItem().ShouldBe("Reconcile of Thing shop/a stalled: the port is missing");
    }

    [Fact]
    public async Task Requeues_a_key_after_the_requested_delay()
    {
        await using var running = new RunningController((_, _) => Task.FromResult(ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(30)))).Start();

        running.Add("a");
        await running.IdleAsync();
        running.Time.Waits.ShouldBe([TimeSpan.FromSeconds(30)]);
        running.Time.Advance(TimeSpan.FromSeconds(30));
        await Soon.UntilAsync("the second reconcile", () => running.Reconciler.Keys.Count == 2);

        running.Queue.NumRequeues(RunningController.Key("a")).ShouldBe(0, "a requeue is not a failure");
        running.Meters["wayleave_reconciles_total{controller=tests,result=requeue_after}"].ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task Success_resets_the_retry_count_of_a_key()
    {
        var fail = true;
        await using var running = new RunningController(
            (_, _) => fail ? throw new InvalidOperationException("broken") : Task.FromResult(ReconciliationResult.NoRequeue)).Start();
        running.Add("a");
        await running.IdleAsync();
        running.Queue.NumRequeues(RunningController.Key("a")).ShouldBe(1);

        fail = false;
        running.Add("a");
        await running.IdleAsync();

        running.Queue.NumRequeues(RunningController.Key("a")).ShouldBe(0);
    }

    [Fact]
    public async Task Reconciles_as_many_keys_at_once_as_it_has_workers()
    {
        var gate = new TaskCompletionSource<ReconciliationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var running = new RunningController((_, _) => gate.Task, workers: 3).Start();

        running.Add("a", "b", "c", "d");
        await Soon.UntilAsync("three keys to be reconciled", () => running.Reconciler.Keys.Count == 3);
        await Task.Yield();

        running.Queue.Count.ShouldBe(1);
        running.Reconciler.Keys.Count.ShouldBe(3);
        gate.SetResult(ReconciliationResult.Done);
        await running.IdleAsync();
        running.Reconciler.Keys.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Reconciles_a_key_again_that_was_added_during_its_reconcile()
    {
        var gate = new TaskCompletionSource<ReconciliationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var running = new RunningController((_, _) => gate.Task, workers: 4).Start();
        running.Add("a");
        await Soon.UntilAsync("the first reconcile", () => running.Reconciler.Keys.Count == 1);

        running.Add("a");
        await Task.Yield();
        running.Reconciler.Keys.Count.ShouldBe(1);
        gate.SetResult(ReconciliationResult.Done);

        await Soon.UntilAsync("the second reconcile", () => running.Reconciler.Keys.Count == 2);
    }

    [Fact]
    public async Task Every_reconcile_has_its_own_trace_ID()
    {
        var ids = new List<string?>();
        await using var running = new RunningController((_, _) =>
        {
            ids.Add(Activity.Current?.TraceId.ToString());
            return Task.FromResult(ReconciliationResult.Done);
        }).Start();

        running.Add("a", "b");
        await running.IdleAsync();

        ids.ShouldAllBe(id => id != null && id.Length == 32);
        ids.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Reports_the_duration_of_the_longest_running_reconcile()
    {
        var gates = new Dictionary<string, TaskCompletionSource<ReconciliationResult>>
        {
            ["a"] = new(TaskCreationOptions.RunContinuationsAsynchronously),
            ["b"] = new(TaskCreationOptions.RunContinuationsAsynchronously),
        };
        await using var running = new RunningController((key, _) => gates[key.Name].Task, workers: 2).Start();
        running.Controller.LongestRunning.ShouldBe(TimeSpan.Zero);

        running.Add("a");
        await Soon.UntilAsync("the first key", () => running.Reconciler.Keys.Count == 1);
        running.Time.Advance(TimeSpan.FromSeconds(7));
        running.Add("b");
        await Soon.UntilAsync("the second key", () => running.Reconciler.Keys.Count == 2);
        running.Time.Advance(TimeSpan.FromSeconds(3));

        running.Controller.LongestRunning.ShouldBe(TimeSpan.FromSeconds(10));
        running.Meters["workqueue_longest_running_processor_seconds{name=tests}"].ShouldBe(10);
        gates["a"].SetResult(ReconciliationResult.Done);
        await Soon.UntilAsync("the first key to be done", () => running.Controller.LongestRunning < TimeSpan.FromSeconds(10));
        running.Controller.LongestRunning.ShouldBe(TimeSpan.FromSeconds(3));
        gates["b"].SetResult(ReconciliationResult.Done);
        await running.IdleAsync();
        running.Controller.LongestRunning.ShouldBe(TimeSpan.Zero);
        running.Meters["workqueue_work_duration_seconds{name=tests}"].ShouldBe(13);
    }
}
