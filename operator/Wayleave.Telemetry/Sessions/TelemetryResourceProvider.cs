using Microsoft.Extensions.Logging;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Records;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Sessions;

/// <summary>Resolves the sender of records once per session. Not thread-safe.</summary>
internal sealed partial class TelemetryResourceProvider(
    IContextIdSource source, SemanticVersion version, TelemetryStatistics statistics, ILogger<TelemetryResourceProvider> logger)
{
    private ContextId? _context;

    /// <summary>Forgets what was found, for a new session.</summary>
    public void Reset() => _context = null;

    /// <summary>Null if the cluster's id cannot be read just now.</summary>
    public async Task<TelemetryResource?> ResolveAsync(LedgerManager ledgerManager, CancellationToken cancellationToken)
    {
        try
        {
            _context ??= await source.ReadAsync(cancellationToken) ?? Fallback(ledgerManager);
            statistics.Context = _context;
            return new TelemetryResource(_context, ledgerManager.Ledger!.InstanceId, version);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            statistics.CountSourceFailure();
            LogNotNow(exception.GetType().Name);
            return null;
        }
    }

    private ContextId Fallback(LedgerManager ledgerManager)
    {
        LogForbidden();
        ledgerManager.Change(ledger => ledger with { FallbackContext = ledger.FallbackContext ?? ContextId.CreateRandom() });
        return ledgerManager.Ledger!.FallbackContext!;
    }

    [LoggerMessage(LogLevel.Warning, "Telemetry: no permission to read the cluster's UID; using a random ID that the ledger keeps")]
    private partial void LogForbidden();

    [LoggerMessage(LogLevel.Warning, "Telemetry: the cluster's id cannot be read now ({Exception}); nothing is sent until it can")]
    private partial void LogNotNow(string exception);
}
