using System.Collections.Concurrent;
using Wayleave.Kubernetes.Queue;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Queue;

public sealed class WorkQueueTests : IDisposable
{
    private readonly FakeMeters _meters = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new WorkQueue<string>("tests", _meters.Metrics());

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task Items_are_taken_in_the_order_in_which_they_were_added()
    {
        Add("c", "a", "b");

        (await TakeAsync(), await TakeAsync(), await TakeAsync()).ShouldBe(("c", "a", "b"));
    }

    [Fact]
    public async Task An_item_that_waits_already_is_not_added_again()
    {
        Add("a", "b", "a", "a");

        _queue.Count.ShouldBe(2);
        (await TakeAsync(), await TakeAsync()).ShouldBe(("a", "b"));
        IsEmpty().ShouldBeTrue();
    }

    [Fact]
    public async Task An_item_added_while_processing_runs_again()
    {
        Add("a");
        await TakeAsync();

        Add("a", "a");
        IsEmpty().ShouldBeTrue("not while it is worked on");
        _queue.Done("a");

        (await TakeAsync()).ShouldBe("a");
        _queue.Done("a");
        IsEmpty().ShouldBeTrue("once, however often it was added");
    }

    [Fact]
    public async Task An_item_that_is_done_and_was_not_added_meanwhile_does_not_run_again()
    {
        Add("a");
        await TakeAsync();

        _queue.Done("a");

        IsEmpty().ShouldBeTrue();
        _queue.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public async Task An_item_added_while_processing_waits_behind_those_that_waited_before_it_was_done()
    {
        Add("a");
        await TakeAsync();
        Add("a", "b");

        _queue.Done("a");

        (await TakeAsync(), await TakeAsync()).ShouldBe(("b", "a"));
    }

    [Fact]
    public async Task A_queue_with_work_going_on_is_not_idle()
    {
        _queue.IsIdle.ShouldBeTrue();
        Add("a");
        _queue.IsIdle.ShouldBeFalse();

        await TakeAsync();

        _queue.Count.ShouldBe(0);
        _queue.IsIdle.ShouldBeFalse();
        _queue.Done("a");
        _queue.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public async Task Waiting_for_an_item_ends_with_the_next_one()
    {
        var waiting = _queue.GetAsync(CancellationToken.None).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        Add("a");

        (await Soon.WithinAsync(waiting)).ShouldBe("a");
    }

    [Fact]
    public async Task Waiting_that_is_cancelled_takes_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        var waiting = _queue.GetAsync(cancelled.Token).AsTask();

        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Soon.WithinAsync(waiting));
        Add("a");
        (await TakeAsync()).ShouldBe("a");
    }

    [Fact]
    public async Task Adds_are_counted()
    {
        Add("a", "b", "a");
        await TakeAsync();

        _meters["workqueue_adds_total{name=tests}"].ShouldBe(2);
    }

    [Fact]
    public async Task Many_workers_never_work_on_one_item_at_the_same_time_and_miss_no_change()
    {
        const int keys = 7;
        const int changes = 20_000;
        var versions = new int[keys];
        var seen = new int[keys];
        var inside = new int[keys];
        var overlaps = new ConcurrentBag<int>();
        var queue = new WorkQueue<int>("tests", _meters.Metrics());
        using var stop = new CancellationTokenSource();

        async Task WorkAsync()
        {
            while (true)
            {
                var key = await queue.GetAsync(stop.Token);
                if (Interlocked.Increment(ref inside[key]) != 1)
                {
                    overlaps.Add(key);
                }

                Volatile.Write(ref seen[key], Volatile.Read(ref versions[key]));
                await Task.Yield();
                Interlocked.Decrement(ref inside[key]);
                queue.Done(key);
            }
        }

        var workers = Enumerable.Range(0, 8).Select(_ => Task.Run(WorkAsync, CancellationToken.None)).ToArray();
        Parallel.For(0, changes, change =>
        {
            Interlocked.Increment(ref versions[change % keys]);
            queue.Add(change % keys);
        });

        await Soon.UntilAsync("the queue to be idle", () => queue.IsIdle);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Task.WhenAll(workers));
        overlaps.ShouldBeEmpty();
        seen.ShouldBe(versions, "the last change of every item was seen");
    }

    private void Add(params string[] keys)
    {
        foreach (var key in keys)
        {
            _queue.Add(key);
        }
    }

    private Task<string> TakeAsync() => Soon.WithinAsync(_queue.GetAsync(CancellationToken.None).AsTask());

    private bool IsEmpty()
    {
        using var now = new CancellationTokenSource();
        var next = _queue.GetAsync(now.Token).AsTask();
        var empty = !next.IsCompleted;
        now.Cancel();
        return empty;
    }
}
