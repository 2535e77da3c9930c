using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Export;

/// <summary>
/// Sends a batch as one OTLP/HTTP request (opentelemetry-specification, protocol/otlp, "OTLP/HTTP"). Nothing is built before the first
/// attempt; one pipeline then serves all attempts. It is built again when the key, the authorities or the version change, and after an
/// attempt that ended before the exporter was done. Not thread-safe.
/// </summary>
internal sealed class OtlpBatchSender(
    Uri endpoint, ExporterCredentialLoader files, TimeSpan timeout, RequestTracker sent, TimeProvider time)
    : IBatchSender, IAsyncDisposable
{
    private OtlpPipeline? _pipeline;
    private string? _mark;

    public async Task<bool> IsRenewedAsync(CancellationToken cancellationToken) =>
        _mark is not null && (await files.ReadAsync(cancellationToken)).Mark != _mark;

    public async Task<SendResult> SendAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        var access = await files.ReadAsync(cancellationToken);
        _mark = access.Mark;
        if (access.Obstacle is { } obstacle)
        {
            return SendResult.Failed(obstacle);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var pipeline = await PipelineAsync(batch, access);
        return await SendAsync(batch, pipeline, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_pipeline is { } pipeline)
        {
            _pipeline = null;
            await pipeline.DisposeAsync();
        }
    }

    private async Task<OtlpPipeline> PipelineAsync(LedgerBatch batch, ExporterCredentials access)
    {
        if (_pipeline?.Fits(batch, access) != true)
        {
            await DisposeAsync();
            _pipeline = new OtlpPipeline(endpoint, access, batch, time);
        }

        return _pipeline!;
    }

    private async Task<SendResult> SendAsync(LedgerBatch batch, OtlpPipeline pipeline, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var attempt = new SendAttempt(body => sent.Last = new SentRequest(batch.Sequence, time.GetUtcNow(), body), linked.Token);
        pipeline.Send(batch, attempt);
        try
        {
            return await attempt.Outcome.WaitAsync(linked.Token);
        }
        catch (OperationCanceledException)
        {
            // The exporter may still have records of this batch, which must not get into the request of another attempt.
            await DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            return SendResult.Failed(SendReasons.Timeout);
        }
    }
}
