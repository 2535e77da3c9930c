namespace Wayleave.Kubernetes.Serialization;

/// <summary>
/// The API's <c>MicroTime</c>. The API server insists on six fractional digits, and the client library writes none for a whole second.
/// </summary>
internal static class MicroTime
{
    /// <summary>The time, to the microsecond, and never a whole second.</summary>
    public static DateTime Now(TimeProvider time)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var micros = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        return micros.Ticks % TimeSpan.TicksPerSecond == 0 ? micros.AddTicks(TimeSpan.TicksPerMicrosecond) : micros;
    }
}
