namespace Wayleave.Kubernetes.Queue;

/// <summary>The delay before the n-th try.</summary>
internal static class ExponentialDelay
{
    /// <summary>Doubles from <paramref name="shortest"/> to <paramref name="longest"/>, plus up to a tenth of itself at random.</summary>
    public static TimeSpan Of(int attempt, TimeSpan shortest, TimeSpan longest)
    {
        var factor = Math.Pow(2, Math.Min(attempt - 1, 30));
        var delay = Math.Min(shortest.TotalMilliseconds * factor, longest.TotalMilliseconds);
#pragma warning disable CA5394 // Jitter needs no secrecy.
        return TimeSpan.FromMilliseconds(delay * (1 + (Random.Shared.NextDouble() / 10)));
#pragma warning restore CA5394
    }
}
