using System.Threading.RateLimiting;

namespace Wayleave.Kubernetes.Client;

/// <summary>Holds requests back to the configured rate. Only in the chain when a rate is configured.</summary>
internal sealed class RateLimitHandler(KubernetesClientOptions options) : DelegatingHandler
{
    private readonly TokenBucketRateLimiter _limiter = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = options.Burst,
        TokensPerPeriod = Math.Max(1, (options.QueriesPerSecond ?? 10) / 10),
        ReplenishmentPeriod = TimeSpan.FromMilliseconds(options.QueriesPerSecond >= 10 ? 100 : 1000.0 / Math.Max(1, options.QueriesPerSecond ?? 10)),
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

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
