using Wayleave.Kubernetes.Queue;
using Wayleave.Testing.Time;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Queue;

public sealed class RateLimitingQueueTests : IDisposable
{
    private readonly FakeMeters _meters = new();
    private readonly ManualTimeProvider _time = new();
    private readonly RateLimitingQueue<string> _queue;

    public RateLimitingQueueTests() => _queue = new RateLimitingQueue<string>("tests", _meters.Metrics(), _time);

    public void Dispose()
    {
        _queue.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public void A_delayed_key_waits_for_its_time()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(3));
        (_queue.Count, _queue.IsIdle).ShouldBe((0, true), "what is due later is not work yet");

        _time.Advance(TimeSpan.FromSeconds(3));

        _queue.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_failing_key_comes_back_later_and_later_until_it_is_forgotten()
    {
        TimeSpan previous = default;
        for (var failures = 1; failures <= 10; failures++)
        {
            var delay = await FailAsync("a");
            delay.ShouldBeGreaterThan(previous * 1.5);
            _queue.NumRequeues("a").ShouldBe(failures);
            previous = delay;
        }

        _queue.Forget("a");

        _queue.NumRequeues("a").ShouldBe(0);
        (await FailAsync("a")).ShouldBeInRange(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(11));
    }

    [Fact]
    public async Task A_failing_key_never_waits_much_longer_than_a_minute()
    {
        for (var failures = 0; failures < 20; failures++)
        {
            (await FailAsync("a")).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(66));
        }
    }

    [Fact]
    public async Task A_key_that_waits_out_its_backoff_is_taken_at_once_when_it_is_added()
    {
        _queue.AddRateLimited("a");

        _queue.Add("a");

        (await _queue.TakeAsync(CancellationToken.None)).ShouldBe("a");
    }

    [Fact]
    public void Retries_are_counted()
    {
        _queue.AddRateLimited("a");
        _queue.AddRateLimited("b");
        _queue.AddAfter("c", TimeSpan.FromSeconds(1));

        _meters["workqueue_retries_total{name=tests}"].ShouldBe(2);
    }

    private async Task<TimeSpan> FailAsync(string key)
    {
        _queue.AddRateLimited(key);
        var delay = _time.Waits.ShouldHaveSingleItem();
        _time.Advance(delay);
        (await _queue.TakeAsync(CancellationToken.None)).ShouldBe(key);
        _queue.Done(key);
        return delay;
    }
}
