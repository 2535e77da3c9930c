using Microsoft.Extensions.Logging;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>
/// Holds the ledger while this replica leads, and stores it. A store that fails is counted and tried again at the next flush; until
/// then the ledger lives in memory. Not thread-safe.
/// </summary>
/// <param name="objects">Counts what the state of the cluster's objects says; null if usage is not counted.</param>
internal sealed class LedgerManager(
    ILedgerStore store, TelemetryStatistics statistics, TimeProvider time, ILogger<LedgerManager> logger, ObjectCounter? objects = null)
{
    private readonly LedgerLog _log = new(logger, time);
    private Ledger? _stored;
    private string? _version;
    private bool _caughtUp;
    private UsageDelta _unsaved = UsageDelta.None;
    private UsageCountMap _unlogged = UsageCountMap.None;
    private UncertainSave? _uncertain;

    /// <summary>Whether the ledger is open, and what happened before it was opened is in it.</summary>
    public bool IsOpen => Ledger is not null && _caughtUp;

    /// <summary>Null until <see cref="OpenAsync"/> succeeded once.</summary>
    public Ledger? Ledger { get; private set; }

    /// <summary>This replica became the leader: counting starts, and the ledger has to be loaded. Does not block.</summary>
    public void StartCounting()
    {
        objects?.StartCounting();
        _caughtUp = false;
    }

    /// <summary>Another replica becomes the leader.</summary>
    public void StopCounting()
    {
        objects?.StopCounting();
        statistics.ClearLedger();
    }

    /// <summary>Returns when objects have changed; never, if they are not counted.</summary>
    public Task WaitForChangesAsync(CancellationToken cancellationToken) =>
        objects?.WaitForChangesAsync(cancellationToken) ?? Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>
    /// Loads the stored ledger and merges unsaved counts into it. False if the store cannot be read. Nothing may be sent then, because the
    /// instance ID and sequence are unknown.
    /// </summary>
    public async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            ApplySnapshot(await store.LoadAsync(cancellationToken));
            await CatchUpAsync(cancellationToken);
            statistics.UpdateLedger(Ledger!);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            statistics.CountLedgerFailure();
            _log.ReportLoadFailure(exception);
            return false;
        }
    }

    /// <summary>Counts what the state of objects says beyond what was counted of them.</summary>
    public void CountObjects()
    {
        if (objects is not null)
        {
            ChangeCounts(objects.Count);
        }
    }

    /// <summary>What was counted since the last call, by whatever means.</summary>
    public UsageCountMap TakeUnloggedCounts()
    {
        (var unlogged, _unlogged) = (_unlogged, UsageCountMap.None);
        return unlogged;
    }

    public void Count(UsageDelta delta)
    {
        _unsaved = _unsaved.Add(delta);
        _uncertain = _uncertain is null ? null : _uncertain with { CountedSince = _uncertain.CountedSince.Add(delta) };
        ChangeCounts(ledger => ledger.Count(delta));
    }

    public void Change(Func<Ledger, Ledger> change)
    {
        Ledger = change(Ledger ?? throw new InvalidOperationException("The ledger was not opened."));
        statistics.UpdateLedger(Ledger);
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
            statistics.CountLedgerFailure();
            _log.ReportSaveConflict();
        }

        return result is SaveResult.Saved;
    }

    private void ChangeCounts(Func<Ledger, Ledger> count)
    {
        var before = Ledger!.Pending.Counts;
        Change(count);
        _unlogged = _unlogged.Add(Ledger!.Pending.Counts.Subtract(before));
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (!_caughtUp && objects is not null)
        {
            var caughtUp = await objects.CatchUpAsync(Ledger!, cancellationToken);
            ChangeCounts(_ => caughtUp);
        }

        _caughtUp = true;
    }

    private void ApplySnapshot(LedgerSnapshot? snapshot)
    {
        if (snapshot is not null && _uncertain is { } uncertain && uncertain.Matches(snapshot.Entries))
        {
            // The save whose answer was lost did arrive.
            (_stored, _unsaved) = (uncertain.Ledger, uncertain.CountedSince);
        }
        else if (snapshot is null || Ledger is null || snapshot.Version != _version)
        {
            _stored = snapshot is null ? null : ReadLedger(snapshot);
            var mine = Ledger ?? Ledgers.Ledger.New();
            Ledger = _stored is null ? mine : LedgerMerger.Merge(_stored, mine, _unsaved);
            // Without a stored ledger, this replica's ledger is complete. A stored ledger lacks what only this replica observed.
            _caughtUp = _caughtUp && _stored is null;
        }

        (_version, _uncertain) = (snapshot?.Version, null);
    }

    // Parts that cannot be read are reset, logged and counted. A position ahead of this cluster comes from another cluster.
    private Ledger ReadLedger(LedgerSnapshot snapshot)
    {
        var (ledger, unreadable) = LedgerSerializer.Read(snapshot.Entries);
        var limit = snapshot.Position ?? long.MaxValue;
        var foreign = ledger.Objects.Where(entry => entry.Value.Position > limit).Select(entry => entry.Key).ToList();
        unreadable = unreadable.AddRange(foreign.Select(LedgerKeys.Objects));
        if (!unreadable.IsEmpty)
        {
            statistics.CountLedgerFailure();
            _log.Unreadable(string.Join(", ", unreadable));
        }

        return ledger with { Objects = ledger.Objects.RemoveRange(foreign) };
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
            _log.ReportSaved();
            return SaveResult.Saved;
        }
        catch (Exception exception)
        {
            _uncertain = new UncertainSave(Ledger!, UsageDelta.None);
            if (cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            statistics.CountLedgerFailure();
            _log.ReportSaveFailure(exception);
            return SaveResult.Failed;
        }
    }
}
