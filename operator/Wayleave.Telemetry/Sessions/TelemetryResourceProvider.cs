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
    public async Task<TelemetryResource?> ResolveAsync(LedgerManager keeper, CancellationToken cancellationToken)
    {
        try
        {
            _context ??= await source.ReadAsync(cancellationToken) ?? Fallback(keeper);
            statistics.Context = _context;
            return new TelemetryResource(_context, keeper.Ledger!.InstanceId, version);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            statistics.SourceFailed();
            LogNotNow(exception.GetType().Name);
            return null;
        }
    }

    private ContextId Fallback(LedgerManager keeper)
    {
        LogForbidden();
        keeper.Change(ledger => ledger with { FallbackContext = ledger.FallbackContext ?? ContextId.Random() });
        return keeper.Ledger!.FallbackContext!;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Telemetry: no permission to read the cluster's UID; using a random ID that the ledger keeps")]
    private partial void LogForbidden();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Telemetry: the cluster's id cannot be read now ({Exception}); nothing is sent until it can")]
    private partial void LogNotNow(string exception);
}
