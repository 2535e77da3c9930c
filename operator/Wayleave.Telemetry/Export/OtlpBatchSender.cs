using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Export;

/// <summary>
/// Sends a batch as one OTLP/HTTP request (opentelemetry-specification, protocol/otlp, "OTLP/HTTP"). Everything is made anew for each
/// attempt: at one attempt a minute that costs nothing, and nothing of a failed attempt can leak into the next.
/// </summary>
internal sealed class OtlpBatchSender(Uri endpoint, ApiKey? apiKey, TimeSpan timeout, TimeProvider time) : IBatchSender
{
    public async Task<SendOutcome> SendAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var handler = new CollectorHandler(apiKey, time, linked.Token);
        using var client = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        await using var pipeline = OtlpPipeline.Build(endpoint, batch, client);
        OtlpPipeline.Write(pipeline, batch);
        try
        {
            return await handler.Outcome.WaitAsync(linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return SendOutcome.Failed("timeout");
        }
    }
}
