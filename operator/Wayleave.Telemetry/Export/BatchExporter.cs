using Microsoft.Extensions.Logging;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Export;

/// <summary>Exports batches with retries, and records statistics. Not thread-safe.</summary>
/// <param name="sender">Makes an attempt.</param>
/// <param name="backoff">Says when.</param>
/// <param name="alarm">Reports a batch that has waited too long. Null for none.</param>
/// <param name="statistics">Where the figures are kept.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Logs outages.</param>
internal sealed partial class BatchExporter(
    IBatchSender sender, Backoff backoff, IDeliveryReporter? alarm, TelemetryStatistics statistics, TimeProvider time,
    ILogger<BatchExporter> logger)
{
    private static readonly TimeSpan TooLong = TimeSpan.FromDays(1);
    private DateTimeOffset _raised = DateTimeOffset.MinValue;

    private bool _away;

    /// <summary>Whether an attempt is due. Changed credentials end the backoff.</summary>
    public async Task<bool> IsDueAsync(CancellationToken cancellationToken) =>
        backoff.IsDue || await sender.IsRenewedAsync(cancellationToken);

    /// <summary>When the collector acknowledged; null if it did not.</summary>
    public async Task<DateTimeOffset?> DeliverAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        var outcome = await sender.SendAsync(batch, cancellationToken);
        if (!outcome.IsAcknowledged)
        {
            Postpone(outcome);
            statistics.SendFailed(outcome.Reason, time.GetUtcNow(), backoff.Next);
            LogFailure(outcome);
            RaiseIfTooLong(batch, outcome.Reason);
            return null;
        }

        var now = time.GetUtcNow();
        backoff.Succeeded();
        statistics.Acknowledged(batch.Records.Length, outcome.Rejected, now);
        LogSuccess(batch, outcome.Rejected);
        return now;
    }

    private void RaiseIfTooLong(LedgerBatch batch, string reason)
    {
        var now = time.GetUtcNow();
        if (now - batch.FrozenAt >= TooLong && now - _raised >= TooLong)
        {
            _raised = now;
            LogTooLong(batch.FrozenAt, reason);
            alarm?.Report(reason, batch.FrozenAt);
        }
    }

    private void Postpone(SendResult outcome)
    {
        if (outcome.IsRefused)
        {
            backoff.Refused();
        }
        else
        {
            backoff.Failed(outcome.RetryAfter);
        }
    }

    private void LogFailure(SendResult outcome)
    {
        // Once for each outage: a collector may be away for days.
        if (!_away && outcome.IsRefused)
        {
            LogRefused(outcome.Reason);
        }
        else if (!_away)
        {
            LogAway(outcome.Reason);
        }

        _away = true;
    }

    private void LogSuccess(LedgerBatch batch, long rejected)
    {
        if (_away)
        {
            LogBack();
        }

        _away = false;
        LogAcknowledged(batch.Sequence, batch.Records.Length);
        if (rejected > 0)
        {
            LogRejected(rejected);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Telemetry: the collector did not accept a batch ({Reason}); will retry while counts accumulate")]
    private partial void LogAway(string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message =
            "Telemetry: the collector refused a batch ({Reason}); check the endpoint and the API key. Will retry in an hour, or when "
            + "the key changes, while counts add up")]
    private partial void LogRefused(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telemetry: no batch was accepted since {Since:u} ({Reason})")]
    private partial void LogTooLong(DateTimeOffset since, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Telemetry: the collector accepts batches again")]
    private partial void LogBack();

    [LoggerMessage(Level = LogLevel.Debug, Message = "Telemetry: batch {Sequence} of {Records} records acknowledged")]
    private partial void LogAcknowledged(long sequence, int records);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telemetry: the collector dropped {Rejected} records of an acknowledged batch")]
    private partial void LogRejected(long rejected);
}
