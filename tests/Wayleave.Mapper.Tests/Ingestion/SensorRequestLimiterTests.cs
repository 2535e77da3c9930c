using Wayleave.Mapper.Ingestion;
using Wayleave.Testing.Time;

namespace Wayleave.Mapper.Tests.Ingestion;

public sealed class SensorRequestLimiterTests
{
    private static readonly Guid _pod = IngestionStage.SensorPod;

    private readonly ManualTimeProvider _time = new();
    private readonly SensorRequestLimiter _limiter;

    public SensorRequestLimiterTests() => _limiter = new SensorRequestLimiter(_time);

    [Fact]
    public void A_sensor_has_one_request_at_a_time()
    {
        using (var lease = _limiter.TryAcquire(_pod, out _))
        {
            lease.ShouldNotBeNull();
            _limiter.TryAcquire(_pod, out var wait).ShouldBeNull();
            wait.ShouldBe(TimeSpan.FromMilliseconds(500));
            _limiter.TryAcquire(Guid.NewGuid(), out _).ShouldNotBeNull();
        }

        _limiter.TryAcquire(_pod, out _).ShouldNotBeNull();
    }

    [Fact]
    public void A_sensor_has_two_requests_a_second()
    {
        _limiter.TryAcquire(_pod, out _)!.Dispose();
        _limiter.TryAcquire(_pod, out _)!.Dispose();
        _limiter.TryAcquire(_pod, out var wait).ShouldBeNull();
        wait.ShouldBe(TimeSpan.FromMilliseconds(500));

        _time.Advance(TimeSpan.FromMilliseconds(200));
        _limiter.TryAcquire(_pod, out wait).ShouldBeNull();
        wait.ShouldBe(TimeSpan.FromMilliseconds(300), tolerance: TimeSpan.FromMilliseconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(300));
        _limiter.TryAcquire(_pod, out _).ShouldNotBeNull();
    }
}
