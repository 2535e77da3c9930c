namespace Wayleave.Kubernetes.Queue;

internal static class ExponentialBackoff
{
    /// <summary>
    /// Doubles from <paramref name="min"/> to <paramref name="max"/>, plus up to 10% jitter, so that keys that failed together are
    /// not retried together.
    /// </summary>
    public static TimeSpan Calculate(int attempt, TimeSpan min, TimeSpan max)
    {
        var factor = Math.Pow(2, Math.Min(attempt - 1, 30));
        var delay = Math.Min(min.TotalMilliseconds * factor, max.TotalMilliseconds);
#pragma warning disable CA5394 // Jitter does not need a secure random number.
        return TimeSpan.FromMilliseconds(delay * (1 + (Random.Shared.NextDouble() / 10)));
#pragma warning restore CA5394
    }
}
