using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Export;

/// <summary>
/// Sends a batch as one OTLP/HTTP request (opentelemetry-specification, protocol/otlp, "OTLP/HTTP"). Everything is made anew for each
/// attempt: at one attempt a minute that costs nothing, and nothing of a failed attempt can leak into the next.
/// </summary>
internal sealed class OtlpBatchSender(Uri endpoint, CollectorFiles files, TimeSpan timeout, SentRequests sent, TimeProvider time) : IBatchSender
{
    private string? _mark;

    public async Task<bool> IsRenewedAsync(CancellationToken cancellationToken) =>
        _mark is not null && (await files.ReadAsync(cancellationToken)).Mark != _mark;

    public async Task<SendOutcome> SendAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        var access = await files.ReadAsync(cancellationToken);
        _mark = access.Mark;
        return access.Obstacle is { } obstacle ? SendOutcome.Failed(obstacle) : await SendAsync(batch, access, cancellationToken);
    }

    private async Task<SendOutcome> SendAsync(LedgerBatch batch, CollectorAccess access, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var handler = new CollectorHandler(
            endpoint, access, time, body => sent.Last = new SentRequest(batch.Sequence, time.GetUtcNow(), body), linked.Token);
        using var client = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        await using var pipeline = OtlpPipeline.Build(endpoint, batch, client);
        OtlpPipeline.Write(pipeline, batch);
        try
        {
            return await handler.Outcome.WaitAsync(linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return SendOutcome.Failed(SendReasons.Timeout);
        }
    }
}
