using Microsoft.Extensions.Logging;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Publishing;
using Wayleave.EventStore.Storage;
using Wayleave.EventStore.Tests.Support;

namespace Wayleave.EventStore.Tests.Publishing;

public sealed class EventPumpTests : StoreTest
{
    private readonly FakeLogger<EventPump> _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly EventStream _stream;
    private readonly SqliteEventStore _store;
    private readonly EventPump _pump;

    public EventPumpTests()
    {
        _stream = new EventStream("wayleave-0", "operator", Time);
        _store = Open();
        _pump = new EventPump(_stream, _store, Time, _log);
    }

    public override void Dispose()
    {
        _stop.Dispose();
        base.Dispose();
    }

    [Fact]
    public async Task Stores_what_waits_when_it_is_canceled_and_closes_the_files()
    {
        for (var i = 0; i < 1234; i++)
        {
            _stream.Publish(new CachesSynced(i), []);
        }

        await _stop.CancelAsync();
        await _pump.RunAsync(_stop.Token);
        _pump.Stored.ShouldBe(1234);
        _pump.Bytes.ShouldBeGreaterThan(0);
        _pump.Dropped.ShouldBe(0);
        FileNames.ShouldBe(["diagnostic-20260101-001.db"]);
        ReadAll(_store).Count.ShouldBe(1234);
        _stream.Publish(new CachesSynced(1), []);
        _pump.Dropped.ShouldBe(1);
    }

    [Fact]
    public async Task Stops_to_drain_after_two_seconds_and_counts_what_is_left()
    {
        _pump.Attach<EventPayload>("slow", (_, _) => Time.Advance(TimeSpan.FromMilliseconds(10)));
        for (var i = 0; i < 1000; i++)
        {
            _stream.Publish(new CachesSynced(i), []);
        }

        await _stop.CancelAsync();
        await _pump.RunAsync(_stop.Token);
        _pump.Stored.ShouldBe(500);
        _pump.Dropped.ShouldBe(500);
    }

    [Fact]
    public async Task Stores_an_event_after_a_quarter_of_a_second_at_most()
    {
        var handled = new TaskCompletionSource();
        _pump.Attach<CachesSynced>("wait", (_, _) => handled.SetResult());
        var running = _pump.RunAsync(_stop.Token);
        _stream.Publish(new CachesSynced(1), []);
        await handled.Task;
        await UntilAsync(() => Time.Waits.Any(wait => wait <= TimeSpan.FromMilliseconds(250)));
        _pump.Stored.ShouldBe(0);
        Time.Advance(TimeSpan.FromMilliseconds(250));
        await UntilAsync(() => _pump.Stored == 1);
        await _stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Waits_for_nothing_but_the_sweep_when_there_are_no_events()
    {
        var running = _pump.RunAsync(_stop.Token);
        await UntilAsync(() => Time.Waits.Count > 0);
        Time.Waits.ShouldBe([TimeSpan.FromMinutes(5)]);
        await _stop.CancelAsync();
        await running;
        Time.Waits.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sweeps_at_the_start_and_every_five_minutes()
    {
        var before = Open();
        before.Append([Diagnostic()]);
        before.Dispose();
        Time.Advance(TimeSpan.FromDays(8));
        var running = _pump.RunAsync(_stop.Token);
        await UntilAsync(() => _pump.DeletedFiles == 1);

        await UntilAsync(() => Time.Waits.Count > 0);
        _store.Append([Diagnostic()]);
        Time.SetWallClock(TimeSpan.FromDays(8));
        Time.Advance(TimeSpan.FromMinutes(5));
        _pump.DeletedFiles.ShouldBe(2);
        await _stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Calls_handlers_in_the_order_of_attachment_for_the_payloads_that_they_ask_for()
    {
        var calls = new List<string>();
        _pump.Attach<EventPayload>("all", (published, payload) => calls.Add($"all {payload.GetType().Name} {published.Session}"));
        _pump.Attach<LeadershipGained>("gained", (_, _) => calls.Add("gained"));
        _pump.Attach<PolicyChangedPayload>("policies", (_, payload) => calls.Add($"policies {payload.Name}"));
        _stream.SetTerm(4);
        _stream.Publish(new LeadershipGained(), []);
        _stream.Publish(new PolicyDeleted("shop", "egress", null, [], 0), []);
        _stream.Complete();
        await _pump.RunAsync(_stop.Token);
        calls.ShouldBe(["all LeadershipGained wayleave-0/4", "gained", "all PolicyDeleted wayleave-0/4", "policies egress"]);
        _pump.HandlerFailures.ShouldBe(0);
    }

    [Fact]
    public async Task Isolates_a_handler_that_throws_and_logs_it_once_until_it_succeeds()
    {
        var seen = 0;
        _pump.Attach<CachesSynced>("faulty", (_, payload) =>
        {
            if (payload.Seconds != 3)
            {
                throw new InvalidOperationException();
            }
        });
        _pump.Attach<CachesSynced>("sound", (_, _) => seen++);
        for (var i = 1; i <= 5; i++)
        {
            _stream.Publish(new CachesSynced(i), []);
        }

        _stream.Complete();
        await _pump.RunAsync(_stop.Token);
        seen.ShouldBe(5);
        _pump.Stored.ShouldBe(5);
        _pump.HandlerFailures.ShouldBe(4);
        _log.Count(LogLevel.Error).ShouldBe(2);
    }

    [Fact]
    public async Task Drops_and_counts_what_does_not_fit_into_the_buffer()
    {
        for (var i = 0; i < EventStream.Capacity + 10; i++)
        {
            _stream.Publish(new CachesSynced(i), []);
        }

        _stream.Complete();
        await _pump.RunAsync(_stop.Token);
        _pump.Dropped.ShouldBe(10);
        _pump.Stored.ShouldBe(EventStream.Capacity);
        _stream.Published.ShouldBe(EventStream.Capacity);
    }

    [Fact]
    public async Task Calls_handlers_without_a_store()
    {
        var pump = new EventPump(_stream, null, Time, _log);
        var seen = 0;
        pump.Attach<EventPayload>("count", (_, _) => seen++);
        _stream.Publish(new LeadershipGained(), []);
        _stream.Complete();
        await pump.RunAsync(_stop.Token);
        seen.ShouldBe(1);
        FileNames.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keeps_running_while_the_disk_is_not_usable()
    {
        using var blocker = new FolderBlocker(Folder);
        _stream.Publish(new LeadershipGained(), []);
        _stream.Complete();
        await _pump.RunAsync(_stop.Token);
        _pump.IsInMemory.ShouldBeTrue();
        _pump.Stored.ShouldBe(0);
        ReadAll(_store).Count.ShouldBe(1);
    }

    /// <summary>Waits for other threads. The time of the test does not pass.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }
}
