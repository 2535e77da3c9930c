using System.Security.Cryptography.X509Certificates;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Operator.Tracing;

/// <summary>
/// The HTTP handler of the trace exporter. It bounds time and size of an answer, adds the configured headers, and remembers why the last
/// request failed, which the exporter does not say. Used by one thread at a time.
/// </summary>
/// <param name="authorities">The only trusted ones. Null for those of the system.</param>
/// <param name="timeout">Of one request with its answer, in real time, as the thread of the exporter measures it.</param>
internal sealed class TraceCollectorHandler(
    Uri endpoint, CollectorHeaders headers, X509Certificate2Collection? authorities, TimeSpan timeout)
    : DelegatingHandler(CollectorConnection.CreateHandler(endpoint, authorities))
{
    private const int MaxBody = 64 * 1024;
    private const string NoAnswer = "no response in time";

    /// <summary>Why the last request failed. It has no part of an answer. Null if it did not fail.</summary>
    public string? LastFailure { get; private set; }

    // The exporter sends from a thread of its own, so blocking it costs nothing.
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        headers.SetOn(request.Headers);
        using var deadline = new CancellationTokenSource(timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        LastFailure = NoAnswer;
        try
        {
            var response = await base.SendAsync(request, either.Token);
            await response.Content.LoadIntoBufferAsync(MaxBody, either.Token);
            LastFailure = response.IsSuccessStatusCode ? null : $"status {(int)response.StatusCode}";
            return response;
        }
        catch (HttpRequestException error)
        {
            LastFailure = error.HttpRequestError.ToString();
            throw;
        }
        catch (OperationCanceledException error)
        {
            // The exporter expects no other exception.
            throw new HttpRequestException(NoAnswer, error);
        }
    }
}
