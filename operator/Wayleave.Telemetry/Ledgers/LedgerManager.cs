using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Records;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>
/// Holds the ledger while this replica leads, and stores it. A store that fails is counted and tried again at the next flush; until
/// then the ledger lives in memory. Not thread-safe.
/// </summary>
/// <param name="store">Where it is stored.</param>
/// <param name="objects">Counts what the state of the cluster's objects says; null if usage is not counted.</param>
/// <param name="statistics">Where failures are counted.</param>
/// <param name="time">The clock that bounds how often a failure is logged.</param>
/// <param name="logger">Where they are logged.</param>
internal sealed class LedgerManager(
    ILedgerStore store, ObjectCounter? objects, TelemetryStatistics statistics, TimeProvider time, ILogger<LedgerManager> logger)
{
    private readonly LedgerLog _log = new(logger, time);
    private Ledger? _stored;
    private string? _version;
    private bool _caughtUp;
    private UsageDelta _unsaved = UsageDelta.None;
    private UsageCountMap _unshown = UsageCountMap.None;
    private UncertainSave? _uncertain;

    /// <summary>Whether the ledger is open, and what happened before it was opened is in it.</summary>
    public bool IsOpen => Ledger is not null && _caughtUp;

    /// <summary>Null until <see cref="OpenAsync"/> succeeded once.</summary>
    public Ledger? Ledger { get; private set; }

    /// <summary>This replica became the leader: counting starts, and the ledger has to be loaded. Does not block.</summary>
    public void Begin()
    {
        objects?.Begin();
        _caughtUp = false;
    }

    /// <summary>Another replica becomes the leader.</summary>
    public void End()
    {
        objects?.End();
        statistics.StandBy();
    }

    /// <summary>Returns when objects have changed; never, if they are not counted.</summary>
    public Task ObjectsChangedAsync(CancellationToken cancellationToken) =>
        objects?.ChangedAsync(cancellationToken) ?? Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>
    /// Loads the stored ledger and merges unsaved counts into it. False if the store cannot be read. Nothing may be sent then, because the
    /// instance ID and sequence are unknown.
    /// </summary>
    public async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            Adopt(await store.LoadAsync(cancellationToken));
            await CatchUpAsync(cancellationToken);
            statistics.Waiting(Ledger!);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            statistics.LedgerFailed();
            _log.LoadFailed(exception);
            return false;
        }
    }

    /// <summary>Counts what the state of objects says beyond what was counted of them.</summary>
    public void CountObjects()
    {
        if (objects is not null)
        {
            Show(objects.Count);
        }
    }

    /// <summary>What was counted since the last call, by whatever means.</summary>
    public UsageCountMap TakeUnshown()
    {
        var unshown = _unshown;
        _unshown = UsageCountMap.None;
        return unshown;
    }

    public void Count(UsageDelta delta)
    {
        _unsaved = _unsaved.Plus(delta);
        _uncertain = _uncertain is null ? null : _uncertain with { CountedSince = _uncertain.CountedSince.Plus(delta) };
        Show(ledger => ledger.Count(delta));
    }

    public void Describe(ImmutableArray<RecordAttribute> shape) => Change(ledger => ledger.Describe(shape));

    public void Change(Func<Ledger, Ledger> change)
    {
        Ledger = change(Ledger ?? throw new InvalidOperationException("The ledger was not opened."));
        statistics.Waiting(Ledger);
    }

    /// <summary>
    /// Stores the ledger if it changed. If another replica stored meanwhile, <see cref="Ledger"/> is brought onto its ledger first,
    /// so a caller looks again at what is in flight. False if it is not stored as it is now.
    /// </summary>
    public async Task<bool> SaveAsync(CancellationToken cancellationToken)
    {
        if (_uncertain is not null && !await OpenAsync(cancellationToken))
        {
            return false;
        }

        var result = await TrySaveAsync(cancellationToken);
        if (result is SaveResult.Conflict && await OpenAsync(cancellationToken))
        {
            result = await TrySaveAsync(cancellationToken);
        }

        if (result is SaveResult.Conflict)
        {
            statistics.LedgerFailed();
            _log.SaveConflicted();
        }

        return result is SaveResult.Saved;
    }

    private void Show(Func<Ledger, Ledger> count)
    {
        var before = Ledger!.Pending.Counts;
        Change(count);
        _unshown = _unshown.Plus(Ledger!.Pending.Counts.Minus(before));
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (!_caughtUp && objects is not null)
        {
            var caughtUp = await objects.CatchUpAsync(Ledger!, cancellationToken);
            Show(_ => caughtUp);
        }

        _caughtUp = true;
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
            _stored = snapshot is null ? null : LedgerReader.Read(snapshot, statistics, _log);
            var mine = Ledger ?? Ledgers.Ledger.New();
            Ledger = _stored is null ? mine : LedgerMerge.Onto(_stored, mine, _unsaved);
            // Without a stored ledger, this replica's ledger is complete. A stored ledger lacks what only this replica observed.
            _caughtUp = _caughtUp && _stored is null;
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
            var version = await store.SaveAsync(LedgerSerializer.Write(Ledger!), _version, cancellationToken);
            if (version is null)
            {
                return SaveResult.Conflict;
            }

            (_stored, _version, _unsaved) = (Ledger, version, UsageDelta.None);
            _log.Saved();
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
            _log.SaveFailed(exception);
            return SaveResult.Failed;
        }
    }
}
