using System.Collections.Concurrent;
using System.Diagnostics;
using Wayleave.Kubernetes.Queue;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Queue;

public sealed class WorkQueueTests : IDisposable
{
    private readonly FakeMeters _meters = new();
    private readonly ManualTimeProvider _time = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new WorkQueue<string>("tests", _meters.Metrics(), _time);

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task Items_are_taken_in_the_order_in_which_they_were_added()
    {
        Add("c", "a", "b");

        (await TakeAsync(), await TakeAsync(), await TakeAsync()).ShouldBe(("c", "a", "b"));
    }

    [Fact]
    public async Task Does_not_add_an_item_that_is_already_queued()
    {
        Add("a", "b", "a", "a");

        _queue.Count.ShouldBe(2);
        (await TakeAsync(), await TakeAsync()).ShouldBe(("a", "b"));
        IsEmpty().ShouldBeTrue();
    }

    [Fact]
    public async Task Measures_how_long_an_item_waited_if_it_is_to()
    {
        Add("unmeasured");
        await TakeAsync();
        _queue.GetWait("unmeasured").ShouldBeNull();

        _queue.MeasuresWaits = true;
        Add("a");
        _time.Advance(TimeSpan.FromSeconds(1));
        Add("a");
        _time.Advance(TimeSpan.FromSeconds(2));
        await TakeAsync();

        _queue.GetWait("a").ShouldBe(TimeSpan.FromSeconds(3), "the first add counts");
        _queue.Done("a");
        _queue.GetWait("a").ShouldBeNull();
    }

    [Fact]
    public async Task Remembers_the_running_activity_that_first_added_an_item_if_it_is_to()
    {
        using var first = new Activity("first").Start();
        Add("forgotten");
        await TakeAsync();
        _queue.GetCause("forgotten").ShouldBeNull();

        _queue.RemembersCauses = true;
        Activity.Current = null;
        Add("a");
        Activity.Current = first;
        Add("a");
        using (new Activity("second").SetParentId(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom()).Start())
        {
            Add("a");
        }

        first.Stop();
        Add("b");
        await TakeAsync();
        await TakeAsync();

        _queue.GetCause("a").ShouldBe(first.TraceId);
        _queue.GetCause("b").ShouldBeNull("what has ended causes nothing");
        _queue.Done("a");
        _queue.GetCause("a").ShouldBeNull();
    }

    [Fact]
    public async Task An_item_added_while_processing_runs_again()
    {
        Add("a");
        await TakeAsync();

        Add("a", "a");
        IsEmpty().ShouldBeTrue("the item is still processing");
        _queue.Done("a");

        (await TakeAsync()).ShouldBe("a");
        _queue.Done("a");
        IsEmpty().ShouldBeTrue("it runs again once, however often it was added");
    }

    [Fact]
    public async Task An_item_not_added_while_processing_does_not_run_again()
    {
        Add("a");
        await TakeAsync();

        _queue.Done("a");

        IsEmpty().ShouldBeTrue();
        _queue.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public async Task An_item_added_while_processing_is_queued_only_when_it_is_done()
    {
        Add("a");
        await TakeAsync();
        Add("a", "b");

        _queue.Done("a");

        (await TakeAsync(), await TakeAsync()).ShouldBe(("b", "a"));
    }

    [Fact]
    public async Task Is_not_idle_while_an_item_is_queued_or_processed()
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
    public async Task Get_waits_for_the_next_item()
    {
        var waiting = _queue.GetAsync(CancellationToken.None).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        Add("a");

        (await Soon.WithinAsync(waiting)).ShouldBe("a");
    }

    [Fact]
    public async Task A_canceled_wait_takes_no_item()
    {
        using var canceled = new CancellationTokenSource();
        var waiting = _queue.GetAsync(canceled.Token).AsTask();

        await canceled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Soon.WithinAsync(waiting));
        Add("a");
        (await TakeAsync()).ShouldBe("a");
    }

    [Fact]
    public async Task Counts_adds_without_duplicates()
    {
        Add("a", "b", "a");
        await TakeAsync();

        _meters["workqueue_adds_total{name=tests}"].ShouldBe(2);
    }

    [Fact]
    public async Task Workers_never_process_the_same_item_at_once_and_miss_no_change()
    {
        const int keys = 7;
        const int changes = 20_000;
        var versions = new int[keys];
        var seen = new int[keys];
        var inside = new int[keys];
        var overlaps = new ConcurrentBag<int>();
        var queue = new WorkQueue<int>("tests", _meters.Metrics(), _time);
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
