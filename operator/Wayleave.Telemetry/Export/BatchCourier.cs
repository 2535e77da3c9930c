using Microsoft.Extensions.Logging;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Export;

/// <summary>Decides whether an attempt is due, makes it, and keeps the figures. Not safe for several threads at a time.</summary>
internal sealed partial class BatchCourier(
    IBatchSender sender, Backoff backoff, TelemetryStatistics statistics, TimeProvider time, ILogger<BatchCourier> logger)
{
    private bool _away;

    /// <summary>False while the collector is left alone after a failure.</summary>
    public bool IsDue => backoff.IsDue;

    /// <summary>When the collector acknowledged; null if it did not.</summary>
    public async Task<DateTimeOffset?> DeliverAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        var outcome = await sender.SendAsync(batch, cancellationToken);
        if (!outcome.IsAcknowledged)
        {
            backoff.Failed(outcome.RetryAfter);
            statistics.SendFailed();
            LogFailure(outcome.Reason);
            return null;
        }

        var now = time.GetUtcNow();
        backoff.Succeeded();
        statistics.Acknowledged(batch.Records.Length, outcome.Rejected, now);
        LogSuccess(batch, outcome.Rejected);
        return now;
    }

    private void LogFailure(string reason)
    {
        // Once for each outage: a collector may be away for days.
        if (!_away)
        {
            LogAway(reason);
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
        Message = "Telemetry: the collector did not take a batch ({Reason}); it is sent again until it does, while counts add up")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Telemetry: the collector takes batches again")]
    private partial void LogBack();

    [LoggerMessage(Level = LogLevel.Debug, Message = "Telemetry: batch {Sequence} of {Records} records acknowledged")]
    private partial void LogAcknowledged(long sequence, int records);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telemetry: the collector dropped {Rejected} records of an acknowledged batch")]
    private partial void LogRejected(long rejected);
}
