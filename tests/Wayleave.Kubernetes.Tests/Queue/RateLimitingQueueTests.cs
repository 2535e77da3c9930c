using Wayleave.Kubernetes.Queue;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

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
    public void A_delayed_key_is_not_queued_before_its_time()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(3));
        (_queue.Count, _queue.IsIdle).ShouldBe((0, true), "a delayed key is not queued yet");

        _time.Advance(TimeSpan.FromSeconds(3));

        _queue.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Backs_off_a_failing_key_longer_each_time_until_it_is_forgotten()
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
    public void Counts_the_failures_of_each_key()
    {
        _queue.AddRateLimited("a");
        _queue.AddRateLimited("a");
        _queue.AddRateLimited("b");

        (_queue.NumRequeues("a"), _queue.NumRequeues("b"), _queue.NumRequeues("c")).ShouldBe((2, 1, 0));
    }

    [Fact]
    public void Forget_ignores_a_key_that_never_failed()
    {
        _queue.Forget("a");

        _queue.NumRequeues("a").ShouldBe(0);
    }

    [Fact]
    public async Task Limits_the_backoff_to_about_a_minute()
    {
        for (var failures = 0; failures < 20; failures++)
        {
            (await FailAsync("a")).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(66));
        }
    }

    [Fact]
    public async Task Adding_a_key_that_backs_off_queues_it_at_once()
    {
        _queue.AddRateLimited("a");

        _queue.Add("a");

        (await _queue.GetAsync(CancellationToken.None)).ShouldBe("a");
    }

    [Fact]
    public void Counts_rate_limited_adds_as_retries()
    {
        _queue.AddRateLimited("a");
        _queue.AddRateLimited("b");
        _queue.AddAfter("c", TimeSpan.FromSeconds(1));

        _meters["workqueue_retries_total{name=tests}"].ShouldBe(2);
    }

    [Fact]
    public async Task Reports_the_number_of_queued_keys_as_its_depth()
    {
        _queue.Add("a");
        _queue.Add("b");
        _queue.AddAfter("c", TimeSpan.FromSeconds(1));
        await _queue.GetAsync(CancellationToken.None);

        _meters["workqueue_depth{name=tests}"].ShouldBe(1);
    }

    [Fact]
    public void Adds_up_the_depths_of_queues_with_the_same_name_and_drops_a_disposed_one()
    {
        var metrics = _meters.Metrics();
        using var stays = new RateLimitingQueue<string>("member-tests", metrics, _time);
        var goes = new RateLimitingQueue<string>("member-tests", metrics, _time);
        stays.Add("a");
        goes.Add("a");
        goes.Add("b");
        _meters["workqueue_depth{name=member-tests}"].ShouldBe(3);

        goes.Dispose();

        _meters["workqueue_depth{name=member-tests}"].ShouldBe(1);
    }

    [Fact]
    public async Task Ignores_new_keys_while_it_is_paused()
    {
        _queue.Pause();
        _queue.Add("a");
        _queue.AddAfter("b", TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        (_queue.Count, _queue.IsPaused).ShouldBe((0, true));
        _meters["workqueue_adds_total{name=tests}"].ShouldBe(0);

        _queue.Resume();
        _queue.Add("c");

        (await _queue.GetAsync(CancellationToken.None)).ShouldBe("c");
    }

    [Fact]
    public async Task Keeps_its_keys_while_it_is_paused_and_reports_a_depth_of_0()
    {
        _queue.Add("a");
        _queue.AddAfter("b", TimeSpan.FromSeconds(1));

        _queue.Pause();
        _time.Advance(TimeSpan.FromSeconds(1));

        _meters["workqueue_depth{name=tests}"].ShouldBe(0);
        _queue.Resume();
        _meters["workqueue_depth{name=tests}"].ShouldBe(2);
        (await _queue.GetAsync(CancellationToken.None), await _queue.GetAsync(CancellationToken.None)).ShouldBe(("a", "b"));
    }

    private async Task<TimeSpan> FailAsync(string key)
    {
        _queue.AddRateLimited(key);
        var delay = _time.Waits.ShouldHaveSingleItem();
        _time.Advance(delay);
        (await _queue.GetAsync(CancellationToken.None)).ShouldBe(key);
        _queue.Done(key);
        return delay;
    }
}
