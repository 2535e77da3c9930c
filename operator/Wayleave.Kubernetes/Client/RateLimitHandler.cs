using System.Threading.RateLimiting;

namespace Wayleave.Kubernetes.Client;

/// <summary>Holds requests back to the configured rate. Only in the chain when a rate is configured.</summary>
internal sealed class RateLimitHandler(KubernetesClientOptions options) : DelegatingHandler
{
    private readonly TokenBucketRateLimiter _limiter = new(Limits(options));

    // As many tokens as fall due in about a tenth of a second, which no timer is too coarse for.
    internal static TokenBucketRateLimiterOptions Limits(KubernetesClientOptions options)
    {
        var rate = Math.Max(1, options.QueriesPerSecond ?? int.MaxValue);
        var tokens = Math.Max(1, (int)Math.Ceiling(rate / 10.0));
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Burst,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)tokens / rate),
            QueueLimit = int.MaxValue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var lease = await _limiter.AcquireAsync(1, cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _limiter.Dispose();
        }

        base.Dispose(disposing);
    }
}
