using System.Net.Http.Headers;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Export;

/// <summary>
/// Stands between the exporter and the network for one attempt. It sees the collector's answer, which the exporter does not hand
/// out; it ends the attempt when the caller's token does, which the exporter cannot; and it lets no header pass but those it knows.
/// </summary>
internal sealed class CollectorHandler(ApiKey? apiKey, TimeProvider time, CancellationToken cancellationToken)
    : DelegatingHandler(Network())
{
    private const string ApiKeyHeader = "x-api-key";
    private const int MaximumBody = 64 * 1024;

    private readonly TaskCompletionSource<SendOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the collector's answer, or with the failure to get one.</summary>
    public Task<SendOutcome> Outcome => _outcome.Task;

    // The exporter sends from a thread of its own, so blocking it costs nothing; only the asynchronous way can be cancelled at every step.
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken requestCancellation)
    {
        request.Headers.Clear();
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("wayleave-operator", productVersion: null));
        if (apiKey is not null)
        {
            request.Headers.Add(ApiKeyHeader, apiKey.Secret);
        }

        try
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, requestCancellation);
            var response = await base.SendAsync(request, linked.Token);
            _outcome.TrySetResult(await ReadAsync(response, linked.Token));
            return response;
        }
        catch (Exception exception)
        {
            _outcome.TrySetResult(SendOutcome.Failed(exception.GetType().Name));
            throw;
        }
    }

    // No redirect, because what is sent goes where the administrator said and nowhere else; no cookie, no trace header, no credentials,
    // because they would tell more than the records do. A proxy that the environment names is used.
    private static SocketsHttpHandler Network() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
    };

    private async Task<SendOutcome> ReadAsync(HttpResponseMessage response, CancellationToken linked)
    {
        if (!response.IsSuccessStatusCode)
        {
            return SendOutcome.Failed($"HTTP {(int)response.StatusCode}", RetryAfter(response.Headers.RetryAfter));
        }

        // The answer is complete only with its body: a connection that breaks inside it is no acknowledgement.
        await response.Content.LoadIntoBufferAsync(MaximumBody, linked);
        return SendOutcome.Acknowledged(PartialSuccess.ReadRejected(await response.Content.ReadAsByteArrayAsync(linked)));
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header?.Delta ?? (header?.Date - time.GetUtcNow());
}
