using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Objects;

/// <summary>
/// Counts objects into a ledger while this replica leads. Not safe for several threads, but for <see cref="StartCounting"/>.
/// </summary>
internal sealed class ObjectCounter(ObjectTrackerSet trackers, IObjectHistoryReader history, TelemetryStatistics statistics)
{
    // The state when this replica became the leader. Without a ledger, everything later is counted.
    private Dictionary<CountedKind, ObjectSnapshot>? _snapshots;

    public void StartCounting() => _snapshots = trackers.All.ToDictionary(tracker => tracker.Kind, tracker => tracker.StartCounting());

    /// <summary>Another replica counts from now on.</summary>
    public void StopCounting()
    {
        _snapshots = null;
        foreach (var tracker in trackers.All)
        {
            tracker.StopCounting();
        }
    }

    public Task WaitForChangesAsync(CancellationToken cancellationToken) => trackers.WaitForChangesAsync(cancellationToken);

    /// <summary>The same ledger if there is nothing to count.</summary>
    public Ledger Count(Ledger ledger)
    {
        var changes = trackers.All.Select(tracker => (tracker.Kind, Changes: tracker.TakeChanges())).ToList();
        var counted = changes.Aggregate(ledger, (sum, next) => LedgerUpdater.Count(sum, next.Kind, next.Changes));

        // A new position alone is not written, unless the previous one may expire soon.
        return ReferenceEquals(counted, ledger) && !changes.Exists(next => next.Changes.IsListed)
            ? ledger
            : changes.Aggregate(counted, (moved, next) => LedgerUpdater.AdvancePosition(moved, next.Kind, next.Changes.Position));
    }

    /// <summary>Brings a ledger that was just loaded up to date.</summary>
    public async Task<Ledger> CatchUpAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        var gathered = await Task.WhenAll(trackers.All.Select(tracker => GatherAsync(ledger, tracker, cancellationToken)));
        var isNew = ledger.Objects.IsEmpty;
        var caughtUp = gathered.Aggregate(ledger, (sum, next) => CatchUp(sum, next, isNew));
        _snapshots = null;
        return caughtUp;
    }

    private Ledger CatchUp(Ledger ledger, Gathered gathered, bool isNew)
    {
        if (gathered.View.Position < 0)
        {
            return ledger; // Never listed: nothing is known.
        }

        var known = ledger.Objects.ContainsKey(gathered.Kind) || (gathered.Kind.CountsExisting && !isNew)
            ? ledger
            : LedgerUpdater.SetBaseline(ledger, gathered.Kind, _snapshots?[gathered.Kind] ?? gathered.View);
        return LedgerUpdater.CatchUp(known, gathered.Kind, gathered.View, gathered.Missed);
    }

    private async Task<Gathered> GatherAsync(Ledger ledger, ObjectTracker tracker, CancellationToken cancellationToken)
    {
        var view = tracker.StartCounting();
        if (!ledger.Objects.TryGetValue(tracker.Kind, out var counted) || counted.Position >= view.Since)
        {
            return new Gathered(tracker.Kind, view, []);
        }

        var missed = await history.ReadAsync(tracker.Kind, counted.Position, view.Since, cancellationToken);
        if (!missed.IsComplete)
        {
            statistics.CountHistoryLoss();
        }

        return new Gathered(tracker.Kind, view, missed.Deleted);
    }

    private sealed record Gathered(CountedKind Kind, ObjectSnapshot View, IReadOnlyList<DeletedObject> Missed);
}
