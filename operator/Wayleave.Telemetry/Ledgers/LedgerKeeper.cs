using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Wayleave.Telemetry.Records;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>
/// Holds the ledger while this replica leads, and stores it. A store that fails is counted and tried again at the next flush; until
/// then the ledger lives in memory. Not safe for several threads at a time.
/// </summary>
internal sealed partial class LedgerKeeper(ILedgerStore store, TelemetryStatistics statistics, ILogger<LedgerKeeper> logger)
{
    private Ledger? _stored;
    private string? _version;
    private UsageDelta _unsaved = UsageDelta.None;
    private UncertainSave? _uncertain;

    /// <summary>Null until <see cref="OpenAsync"/> succeeded once.</summary>
    public Ledger? Ledger { get; private set; }

    /// <summary>
    /// Loads what is stored, and brings onto it what this replica could not store before. False if the store cannot be read now:
    /// then nothing may be sent, for it would be under another installation's id and number.
    /// </summary>
    public async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            Adopt(await store.LoadAsync(cancellationToken));
            statistics.Waiting(Ledger!);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            statistics.LedgerFailed();
            LogLoadFailed(exception.GetType().Name);
            return false;
        }
    }

    public void Count(UsageDelta delta)
    {
        _unsaved = _unsaved.Plus(delta);
        _uncertain = _uncertain is null ? null : _uncertain with { CountedSince = _uncertain.CountedSince.Plus(delta) };
        Change(ledger => ledger.Count(delta));
    }

    public void Describe(ImmutableArray<RecordAttribute> shape) => Change(ledger => ledger.Describe(shape));

    public void Change(Func<Ledger, Ledger> change)
    {
        Ledger = change(Ledger ?? throw new InvalidOperationException("The ledger was not opened."));
        statistics.Waiting(Ledger);
    }

    /// <summary>
    /// Stores the ledger if it changed. If another replica stored meanwhile, <see cref="Ledger"/> is brought onto its ledger first,
    /// so a caller looks again at what is in flight.
    /// </summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (_uncertain is not null && !await OpenAsync(cancellationToken))
        {
            return;
        }

        if (await TrySaveAsync(cancellationToken) is SaveResult.Conflict
            && await OpenAsync(cancellationToken)
            && await TrySaveAsync(cancellationToken) is SaveResult.Conflict)
        {
            statistics.LedgerFailed();
            LogConflict();
        }
    }

    private void Adopt(LedgerSnapshot? snapshot)
    {
        if (snapshot is not null && _uncertain is { } uncertain && uncertain.Is(snapshot.Entries))
        {
            // The save whose answer was lost did arrive.
            (_stored, _unsaved) = (uncertain.Ledger, uncertain.CountedSince);
        }
        else if (snapshot is null || Ledger is null || snapshot.Version != _version)
        {
            _stored = snapshot is null ? null : Read(snapshot);
            var mine = Ledger ?? Ledgers.Ledger.New();
            Ledger = _stored is null ? mine : LedgerRebase.Onto(_stored, mine, _unsaved);
        }

        (_version, _uncertain) = (snapshot?.Version, null);
    }

    private async Task<SaveResult> TrySaveAsync(CancellationToken cancellationToken)
    {
        if (ReferenceEquals(Ledger, _stored))
        {
            return SaveResult.Saved;
        }

        try
        {
            var version = await store.SaveAsync(LedgerFormat.Write(Ledger!), _version, cancellationToken);
            if (version is null)
            {
                return SaveResult.Conflict;
            }

            (_stored, _version, _unsaved) = (Ledger, version, UsageDelta.None);
            return SaveResult.Saved;
        }
        catch (Exception exception)
        {
            _uncertain = new UncertainSave(Ledger!, UsageDelta.None);
            if (cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            statistics.LedgerFailed();
            LogSaveFailed(exception.GetType().Name);
            return SaveResult.Failed;
        }
    }

    private Ledger Read(LedgerSnapshot snapshot)
    {
        var reading = LedgerFormat.Read(snapshot.Entries);
        if (!reading.UnreadableKeys.IsEmpty)
        {
            statistics.LedgerFailed();
            LogUnreadable(string.Join(", ", reading.UnreadableKeys));
        }

        return reading.Ledger;
    }

    private enum SaveResult
    {
        Saved,
        Conflict,
        Failed,
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Telemetry: the ledger cannot be read now ({Exception}); counting goes on in memory")]
    private partial void LogLoadFailed(string exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Telemetry: the ledger cannot be written now ({Exception}); counting goes on in memory")]
    private partial void LogSaveFailed(string exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Telemetry: another replica keeps writing the ledger; this one tries again at its next flush")]
    private partial void LogConflict();

    [LoggerMessage(Level = LogLevel.Error, Message = "Telemetry: parts of the ledger cannot be read and start anew: {Keys}")]
    private partial void LogUnreadable(string keys);
}
