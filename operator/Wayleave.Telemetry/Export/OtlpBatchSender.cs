using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Export;

/// <summary>
/// Sends a batch as one OTLP/HTTP request (opentelemetry-specification, protocol/otlp, "OTLP/HTTP"). Nothing is built before the first
/// attempt; one pipeline then serves all attempts. It is built again when the key, the authorities or the version change, and after an
/// attempt that ended before the exporter was done. Not thread-safe.
/// </summary>
/// <param name="serviceName">The program that sends: the resource's <c>service.name</c>, and the User-Agent.</param>
internal sealed class OtlpBatchSender(
    string serviceName, Uri endpoint, ExporterCredentialLoader credentialLoader, TimeSpan timeout, TelemetryStatistics statistics,
    TimeProvider time)
    : IBatchSender, IAsyncDisposable
{
    private OtlpPipeline? _pipeline;
    private string? _fingerprint;

    public async Task<bool> HaveCredentialsChangedAsync(CancellationToken cancellationToken) =>
        _fingerprint is not null && (await credentialLoader.ReadAsync(cancellationToken)).Fingerprint != _fingerprint;

    public async Task<SendResult> SendAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        var credentials = await credentialLoader.ReadAsync(cancellationToken);
        _fingerprint = credentials.Fingerprint;
        if (credentials.Error is { } error)
        {
            return SendResult.Failed(error);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_pipeline?.CanSend(batch, credentials) != true)
        {
            await DisposeAsync();
            _pipeline = new OtlpPipeline(serviceName, endpoint, credentials, batch, time);
        }

        return await SendAsync(batch, _pipeline!, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_pipeline is { } pipeline)
        {
            _pipeline = null;
            await pipeline.DisposeAsync();
        }
    }

    private async Task<SendResult> SendAsync(LedgerBatch batch, OtlpPipeline pipeline, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var attempt = new SendAttempt(
            body => statistics.LastRequest = new SentRequest(batch.Sequence, time.GetUtcNow(), body), linked.Token);
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

/// <summary>The last request that was sent, or was tried to be.</summary>
/// <param name="Sequence">The batch that was in it.</param>
/// <param name="Body">Exactly the bytes of its body: gzip of an OTLP <c>ExportLogsServiceRequest</c>.</param>
internal sealed record SentRequest(long Sequence, DateTimeOffset At, ReadOnlyMemory<byte> Body);

/// <summary>Sends a batch to the collector, without retries.</summary>
internal interface IBatchSender
{
    /// <summary>Whether the key or the authorities have changed since the last attempt.</summary>
    Task<bool> HaveCredentialsChangedAsync(CancellationToken cancellationToken);

    /// <summary>Throws only on cancellation. A failure is an outcome.</summary>
    Task<SendResult> SendAsync(LedgerBatch batch, CancellationToken cancellationToken);
}
