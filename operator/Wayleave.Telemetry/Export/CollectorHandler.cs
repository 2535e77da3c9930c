using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Wayleave.Telemetry.Export;

/// <summary>
/// The HTTP handler of the OTLP exporter. It reads the collector's response, which the exporter does not expose, cancels an attempt with
/// the caller's token, and sends only known and configured headers. Each attempt is one request; a request without a waiting attempt is
/// rejected.
/// </summary>
/// <param name="time">The clock for Retry-After dates.</param>
internal sealed class CollectorHandler(string userAgent, Uri endpoint, ExporterCredentials credentials, TimeProvider time)
    : DelegatingHandler(CreateHandler(endpoint, credentials.Authorities))
{
    private const int MaximumHeaders = 32; // kilobytes

    private const string ApiKeyHeader = "x-api-key";
    private const int MaximumBody = 64 * 1024;

    private SendAttempt? _pending;

    /// <summary>The next request of the exporter belongs to this attempt.</summary>
    public void SetPendingAttempt(SendAttempt attempt) => Volatile.Write(ref _pending, attempt);

    // The exporter sends from a thread of its own, so blocking it costs nothing; only the asynchronous way can be canceled at every step.
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var attempt = Interlocked.Exchange(ref _pending, null) ?? throw new InvalidOperationException("no attempt waits for a request");
        SetHeaders(request.Headers);
        try
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(attempt.CancellationToken, cancellationToken);
            attempt.NotifySending(await request.Content!.ReadAsByteArrayAsync(linked.Token));
            var response = await base.SendAsync(request, linked.Token);
            var outcome = await ReadAsync(response, linked.Token);
            attempt.Complete(outcome);
            if (!outcome.IsAcknowledged)
            {
                // The exporter would read the rest of the body without a limit.
                response.Content.Dispose();
                response.Content = new ByteArrayContent([]);
            }

            return response;
        }
        catch (Exception exception)
        {
            attempt.Complete(SendResult.Failed(SendReasons.FromException(exception)));
            throw;
        }
    }

    // Each request has a connection of its own, so that the name and the certificate are checked each time, and so that the transport
    // repeats no request by itself, as it does when a connection that it kept is found to be closed.
    private static SocketsHttpHandler CreateHandler(Uri endpoint, X509Certificate2Collection? authorities)
    {
        var handler = CollectorConnection.CreateHandler(endpoint, authorities);
        (handler.PooledConnectionLifetime, handler.MaxResponseHeadersLength) = (TimeSpan.Zero, MaximumHeaders);
        return handler;
    }

    private void SetHeaders(HttpRequestHeaders headers)
    {
        headers.Clear();
        headers.UserAgent.Add(new ProductInfoHeaderValue(userAgent, productVersion: null));
        credentials.Headers.SetOn(headers);
        if (credentials.ApiKey is { } apiKey)
        {
            headers.Remove(ApiKeyHeader);
            headers.Add(ApiKeyHeader, apiKey.Secret);
        }
    }

    private async Task<SendResult> ReadAsync(HttpResponseMessage response, CancellationToken linked)
    {
        if (!response.IsSuccessStatusCode)
        {
            var reason = SendReasons.FromStatus(response.StatusCode);
            return IsRetryable(response.StatusCode)
                ? SendResult.Failed(reason, GetRetryAfter(response.Headers.RetryAfter))
                : SendResult.NotRetryable(reason);
        }

        if (!LogsResponse.IsExpectedType(response.Content.Headers))
        {
            return SendResult.Failed(SendReasons.NotOtlp);
        }

        // The answer is complete only with its body: a connection that breaks inside it is no acknowledgement.
        await response.Content.LoadIntoBufferAsync(MaximumBody, linked);
        return LogsResponse.TryRead(await response.Content.ReadAsByteArrayAsync(linked), out var rejected)
            ? SendResult.Acknowledged(rejected)
            : SendResult.Failed(SendReasons.NotOtlp);
    }

    // The retryable codes of the OTLP specification and all other server errors, so that no counts are lost.
    private static bool IsRetryable(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status >= 500;

    private TimeSpan? GetRetryAfter(RetryConditionHeaderValue? header) => header?.Delta ?? (header?.Date - time.GetUtcNow());
}
