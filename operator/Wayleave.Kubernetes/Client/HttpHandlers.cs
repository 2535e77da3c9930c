using System.Net;
using System.Net.Http.Json;
using System.Threading.RateLimiting;
using Wayleave.Kubernetes.Protobuf;
using Wayleave.Kubernetes.Serialization;
using Wayleave.Kubernetes.Tracing;

namespace Wayleave.Kubernetes.Client;

/// <summary>
/// Buffers the body of an error response, with a size limit and the caller's cancellation token. The client library has neither, so that a
/// response that never ends would block the caller.
/// </summary>
internal sealed class ErrorBodyHandler : DelegatingHandler
{
    private const int MaxBytes = 64 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            try
            {
                await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
                if (response.Content.Headers.ContentType?.MediaType == ProtobufEnvelope.MediaType)
                {
                    response.Content = await ToJsonAsync(response.Content, cancellationToken);
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException or InvalidDataException)
            {
                // Too long, cut short or malformed: the status code is enough.
                response.Content.Dispose();
                response.Content = new ByteArrayContent([]);
            }
        }

        return response;
    }

    // The client library reads errors as JSON.
    private static async Task<HttpContent> ToJsonAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using (content)
        {
            var status = MetadataMessages.Status.Parse(ProtobufEnvelope.Open(await content.ReadAsByteArrayAsync(cancellationToken)));
            return JsonContent.Create(status, LibraryObjectJson.Default.V1Status);
        }
    }
}

/// <summary>
/// Waits and tries again when the API server is overloaded and says for how long (429, or 503 with <c>Retry-After</c>; API priority and
/// fairness). The caller's token bounds the wait.
/// </summary>
internal sealed class RetryAfterHandler(TimeProvider time) : DelegatingHandler
{
    private const int MaxAttempts = 5;
    private static readonly TimeSpan _maxDelay = TimeSpan.FromSeconds(10);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (attempt == MaxAttempts || GetRetryDelay(response) is not { } wait)
            {
                return response;
            }

            response.Dispose();
            await Task.Delay(wait < _maxDelay ? wait : _maxDelay, time, cancellationToken);
        }
    }

    private TimeSpan? GetRetryDelay(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
        {
            return null;
        }

        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        var unsaid = response.StatusCode == HttpStatusCode.TooManyRequests ? TimeSpan.FromSeconds(1) : (TimeSpan?)null;
        return wait is { } given && given >= TimeSpan.Zero ? given : unsaid;
    }
}

/// <summary>Limits the request rate on the client side. Present only if a rate is configured.</summary>
internal sealed class RateLimitHandler(KubernetesClientOptions options) : DelegatingHandler
{
    private readonly TokenBucketRateLimiter _limiter = new(CreateLimiterOptions(options));

    // Replenish about ten times per second, which every timer can do.
    internal static TokenBucketRateLimiterOptions CreateLimiterOptions(KubernetesClientOptions options)
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

/// <summary>
/// Rejects writes while this process is not the leader. A process that was suspended for longer than its lease resumes in the middle of its
/// work. The lease is checked before every write, so that it cannot overwrite the work of the new leader.
/// </summary>
internal sealed class WriteFenceHandler(Func<bool> mayWrite) : DelegatingHandler
{
    /// <summary>Marks a request that stores nothing in the cluster, so that it is not a write, whatever its method.</summary>
    public static HttpRequestOptionsKey<bool> StoresNothing { get; } = new("wayleave-stores-nothing");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Method == HttpMethod.Get || request.Options.TryGetValue(StoresNothing, out _) || mayWrite()
            ? base.SendAsync(request, cancellationToken)
            : throw new WriteFencedException();
}

/// <summary>A write was rejected because this process may no longer be the leader. Nothing was sent.</summary>
public sealed class WriteFencedException() : Exception("Not the leader: the write was not sent.");

/// <summary>Adds the header <c>traceparent</c> of the current span. Present only if tracing is on.</summary>
internal sealed class TracePropagationHandler : DelegatingHandler
{
    private const string Header = "traceparent";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Spans.Current?.Id is { } id)
        {
            // A request that is sent again has it already.
            request.Headers.Remove(Header);
            request.Headers.TryAddWithoutValidation(Header, id);
        }

        return base.SendAsync(request, cancellationToken);
    }
}

/// <summary>Counts requests and measures the time until the response headers arrive.</summary>
/// <param name="host">Host and port of the API server.</param>
internal sealed class RequestMetricsHandler(string host, KubernetesMetrics metrics, TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var code = 0;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            code = (int)response.StatusCode;
            return response;
        }
        finally
        {
            metrics.RecordRequest(host, request.Method.Method, code, time.GetElapsedTime(started));
        }
    }
}
