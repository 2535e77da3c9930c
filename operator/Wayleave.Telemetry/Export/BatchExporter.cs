using Microsoft.Extensions.Logging;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Export;

/// <summary>Exports batches with retries, and records statistics. Not thread-safe.</summary>
/// <param name="deliveryReporter">Reports attempts, and a batch that has waited too long. Null for none.</param>
internal sealed partial class BatchExporter(
    IBatchSender sender, Backoff backoff, TelemetryStatistics statistics, TimeProvider time, ILogger<BatchExporter> logger,
    IDeliveryReporter? deliveryReporter = null)
{
    private static readonly TimeSpan TooLong = TimeSpan.FromDays(1);
    private DateTimeOffset _reportedAt = DateTimeOffset.MinValue;
    private bool _isUnavailable;

    /// <summary>Whether an attempt is due. Changed credentials end the backoff.</summary>
    public async Task<bool> IsDueAsync(CancellationToken cancellationToken) =>
        backoff.IsDue || await sender.HaveCredentialsChangedAsync(cancellationToken);

    /// <summary>When the collector acknowledged; null if it did not.</summary>
    public async Task<DateTimeOffset?> ExportAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        var result = await sender.SendAsync(batch, cancellationToken);
        deliveryReporter?.ReportAttempt(batch.Records.Length, result.IsAcknowledged ? null : result.Reason);
        if (!result.IsAcknowledged)
        {
            HandleFailure(result);
            statistics.CountSendFailure(result.Reason, time.GetUtcNow(), backoff.NextAttemptAt);
            ReportIfTooLong(batch, result.Reason);
            return null;
        }

        var now = time.GetUtcNow();
        backoff.Reset();
        statistics.CountAcknowledged(batch.Records.Length, result.Rejected, now);
        LogSuccess(batch, result.Rejected);
        return now;
    }

    private void ReportIfTooLong(LedgerBatch batch, string reason)
    {
        var now = time.GetUtcNow();
        if (now - batch.CreatedAt >= TooLong && now - _reportedAt >= TooLong)
        {
            _reportedAt = now;
            LogTooLong(batch.CreatedAt, reason);
            deliveryReporter?.Report(reason, batch.CreatedAt);
        }
    }

    private void HandleFailure(SendResult result)
    {
        if (result.IsNotRetryable)
        {
            backoff.MarkRejected();
        }
        else
        {
            backoff.MarkFailed(result.RetryAfter);
        }

        // Once for each outage: a collector may be away for days.
        if (!_isUnavailable)
        {
            Action<string> log = result.IsNotRetryable ? LogRefused : LogAway;
            log(result.Reason);
        }

        _isUnavailable = true;
    }

    private void LogSuccess(LedgerBatch batch, long rejected)
    {
        if (_isUnavailable)
        {
            LogBack();
        }

        _isUnavailable = false;
        LogAcknowledged(batch.Sequence, batch.Records.Length);
        if (rejected > 0)
        {
            LogRejected(rejected);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Telemetry: the collector did not accept a batch ({Reason}); will retry while counts accumulate")]
    private partial void LogAway(string reason);

    [LoggerMessage(
        LogLevel.Warning,
        "Telemetry: the collector rejected a batch ({Reason}); check the endpoint and the API key. Will retry in an "
        + "hour or when the key changes, while counts accumulate")]
    private partial void LogRefused(string reason);

    [LoggerMessage(LogLevel.Warning, "Telemetry: no batch was accepted since {Since:u} ({Reason})")]
    private partial void LogTooLong(DateTimeOffset since, string reason);

    [LoggerMessage(LogLevel.Information, "Telemetry: the collector accepts batches again")]
    private partial void LogBack();

    [LoggerMessage(LogLevel.Debug, "Telemetry: batch {Sequence} of {Records} records acknowledged")]
    private partial void LogAcknowledged(long sequence, int records);

    [LoggerMessage(LogLevel.Warning, "Telemetry: the collector dropped {Rejected} records of an acknowledged batch")]
    private partial void LogRejected(long rejected);
}

/// <summary>Reports the delivery of batches within the process. Its methods must neither wait nor throw.</summary>
public interface IDeliveryReporter
{
    /// <summary>An attempt to send a batch ended.</summary>
    /// <param name="records">In the batch.</param>
    /// <param name="failure">A word of a closed set, or a status number. Null if the collector accepted the batch.</param>
    void ReportAttempt(int records, string? failure);

    /// <summary>A batch has been waiting for longer than a day. Called at most once a day.</summary>
    /// <param name="reason">Why the last attempt failed: a word of a closed set, or a status number.</param>
    /// <param name="since">Since when the batch waits; kept in the ledger, so a restart does not move it.</param>
    void Report(string reason, DateTimeOffset since);
}

/// <summary>
/// The backoff after an unacknowledged export: doubles up to 15 minutes, with 50% jitter, so that a fleet does not retry at once. Retries
/// never end. Not thread-safe.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeProvider time, Random random)
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    private int _failures;

    public DateTimeOffset NextAttemptAt { get; private set; } = DateTimeOffset.MinValue;

    public bool IsDue => time.GetUtcNow() >= NextAttemptAt;

    public void Reset() => (_failures, NextAttemptAt) = (0, DateTimeOffset.MinValue);

    /// <summary>A retry would be rejected again, so wait for an hour.</summary>
    public void MarkRejected() => NextAttemptAt = time.GetUtcNow() + MaxRetryAfter;

    /// <param name="retryAfter">The Retry-After of the collector, at most one hour.</param>
    public void MarkFailed(TimeSpan? retryAfter)
    {
        var ceiling = first > MaxDelay ? first : MaxDelay;
        var doubled = first * Math.Pow(2, Math.Min(_failures++, 30));
        var delay = (doubled > ceiling ? ceiling : doubled) * (0.5 + (random.NextDouble() / 2));
        var asked = retryAfter > MaxRetryAfter ? MaxRetryAfter : retryAfter ?? TimeSpan.Zero;
        NextAttemptAt = time.GetUtcNow() + (asked > delay ? asked : delay);
    }
}
