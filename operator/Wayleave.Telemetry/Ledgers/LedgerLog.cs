using Microsoft.Extensions.Logging;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>What an operator's log says of the ledger.</summary>
internal sealed partial class LedgerLog(ILogger<LedgerKeeper> logger)
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Telemetry: the ledger cannot be read now ({Exception}); counting goes on in memory")]
    public partial void LoadFailed(string exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Telemetry: the ledger cannot be written now ({Exception}); counting goes on in memory")]
    public partial void SaveFailed(string exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Telemetry: another replica keeps writing the ledger; this one tries again at its next flush")]
    public partial void Conflict();

    [LoggerMessage(Level = LogLevel.Error, Message = "Telemetry: parts of the ledger cannot be read and start anew: {Keys}")]
    public partial void Unreadable(string keys);
}
