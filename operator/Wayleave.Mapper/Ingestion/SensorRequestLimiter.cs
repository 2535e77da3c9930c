namespace Wayleave.Mapper.Ingestion;

/// <summary>
/// Allows each sensor one request at a time and two a second, so that one sensor can neither keep the others out nor make the mapper hold
/// many batches. Thread-safe.
/// </summary>
internal sealed class SensorRequestLimiter(TimeProvider time)
{
    /// <summary>The time between two batches of a sensor.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private const int Burst = 2;

    // More than there are sensors.
    private const int MaxSensors = 16_384;

    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _busy = [];
    private readonly KeyedRateLimiter<Guid> _limiter = new(1 / Interval.TotalSeconds, Burst, MaxSensors, time);

    /// <param name="wait">How long the sensor has to wait if it gets no lease.</param>
    /// <returns>The lease, to be disposed when the request is answered. Null if the sensor has to wait.</returns>
    public IDisposable? TryAcquire(Guid pod, out TimeSpan wait)
    {
        lock (_lock)
        {
            wait = _busy.Contains(pod) ? Interval : _limiter.Take(pod);
            return wait == TimeSpan.Zero && _busy.Add(pod) ? new Lease(this, pod) : null;
        }
    }

    private sealed class Lease(SensorRequestLimiter limiter, Guid pod) : IDisposable
    {
        public void Dispose()
        {
            lock (limiter._lock)
            {
                limiter._busy.Remove(pod);
            }
        }
    }
}
