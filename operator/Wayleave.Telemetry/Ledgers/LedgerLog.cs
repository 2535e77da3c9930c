using Microsoft.Extensions.Logging;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>What an operator's log says of the ledger. A failure that stays the same is logged every ten minutes.</summary>
internal sealed partial class LedgerLog(ILogger<LedgerManager> logger, TimeProvider time)
{
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromMinutes(10);

    private string? _failure;
    private long _loggedAt;

    public void ReportLoadFailure(Exception exception) => LogUnlessRepeated("load", GetReason(exception), LogLoadFailed);

    public void ReportSaveFailure(Exception exception) => LogUnlessRepeated("save", GetReason(exception), LogSaveFailed);

    /// <summary>Twice in one save, something else had written the ledger since it was read.</summary>
    public void ReportSaveConflict() => LogUnlessRepeated("conflict", "", _ => LogConflict());

    public void ReportSaved() => _failure = null;

    [LoggerMessage(LogLevel.Error, "Telemetry ledger has parts that cannot be read; they are reset: {Keys}")]
    public partial void Unreadable(string keys);

    private static string GetReason(Exception exception) =>
        exception is LedgerStoreException ? exception.Message : exception.GetType().Name;

    private void LogUnlessRepeated(string step, string reason, Action<string> log)
    {
        var failure = $"{step} {reason}";
        if (failure != _failure || time.GetElapsedTime(_loggedAt) >= RepeatInterval)
        {
            (_failure, _loggedAt) = (failure, time.GetTimestamp());
            log(reason);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Telemetry ledger cannot be read; counts stay in memory until it can: {Reason}")]
    private partial void LogLoadFailed(string reason);

    [LoggerMessage(LogLevel.Warning, "Telemetry ledger cannot be written; counts stay in memory until it can: {Reason}")]
    private partial void LogSaveFailed(string reason);

    [LoggerMessage(
        LogLevel.Warning, "Telemetry ledger was written by another writer during each of two attempts to save it; will retry at the next flush")]
    private partial void LogConflict();
}
