using Microsoft.Extensions.Logging;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>What an operator's log says of the ledger. A failure that stays the same is logged every ten minutes.</summary>
internal sealed partial class LedgerLog(ILogger<LedgerManager> logger, TimeProvider time)
{
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromMinutes(10);

    private string? _failure;
    private long _loggedAt;

    public void LoadFailed(Exception exception)
    {
        var reason = ReasonOf(exception);
        if (ShouldLog($"load {reason}"))
        {
            LogLoadFailed(reason);
        }
    }

    public void SaveFailed(Exception exception)
    {
        var reason = ReasonOf(exception);
        if (ShouldLog($"save {reason}"))
        {
            LogSaveFailed(reason);
        }
    }

    /// <summary>Twice in one save, something else had written the ledger since it was read.</summary>
    public void SaveConflicted()
    {
        if (ShouldLog("conflict"))
        {
            LogConflict();
        }
    }

    public void Saved() => _failure = null;

    [LoggerMessage(Level = LogLevel.Error, Message = "Telemetry ledger has parts that cannot be read; they are reset: {Keys}")]
    public partial void Unreadable(string keys);

    private static string ReasonOf(Exception exception) =>
        exception is LedgerStoreException ? exception.Message : exception.GetType().Name;

    private bool ShouldLog(string failure)
    {
        if (failure == _failure && time.GetElapsedTime(_loggedAt) < RepeatInterval)
        {
            return false;
        }

        (_failure, _loggedAt) = (failure, time.GetTimestamp());
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telemetry ledger cannot be read; counts stay in memory until it can: {Reason}")]
    private partial void LogLoadFailed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telemetry ledger cannot be written; counts stay in memory until it can: {Reason}")]
    private partial void LogSaveFailed(string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Telemetry ledger was written by another writer during each of two attempts to save it; will retry at the next flush")]
    private partial void LogConflict();
}
