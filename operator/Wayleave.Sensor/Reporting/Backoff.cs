namespace Wayleave.Sensor.Reporting;

/// <summary>Delays that double with each failure, with jitter, so that the sensors of a cluster do not all try at once.</summary>
internal sealed class Backoff(Random random)
{
    private static readonly TimeSpan _first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(1);

    private int _failures;

    /// <summary>The delay after one more failure.</summary>
    public TimeSpan Next()
    {
        const int MaxDoublings = 16;
        var delay = _first * Math.Pow(2, Math.Min(_failures++, MaxDoublings));
        return (delay < _longest ? delay : _longest) * (0.5 + (random.NextDouble() / 2));
    }

    public void Reset() => _failures = 0;
}
