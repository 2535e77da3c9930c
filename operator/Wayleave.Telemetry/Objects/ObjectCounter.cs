using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Objects;

/// <summary>Counts objects into a ledger while this replica leads. Not safe for several threads, but for <see cref="Begin"/>.</summary>
internal sealed class ObjectCounter(ObjectTrackerSet feeds, IObjectHistoryReader history, TelemetryStatistics statistics)
{
    // The state when this replica became the leader. Without a ledger, everything later is counted.
    private Dictionary<CountedKind, ObjectSnapshot>? _begun;

    public void Begin() => _begun = feeds.All.ToDictionary(feed => feed.Kind, feed => feed.Begin());

    /// <summary>Another replica counts from now on.</summary>
    public void End()
    {
        _begun = null;
        foreach (var feed in feeds.All)
        {
            feed.End();
        }
    }

    public Task ChangedAsync(CancellationToken cancellationToken) => feeds.ChangedAsync(cancellationToken);

    /// <summary>The same ledger if there is nothing to count.</summary>
    public Ledger Count(Ledger ledger)
    {
        var changes = feeds.All.Select(feed => (feed.Kind, Changes: feed.Take())).ToList();
        var counted = changes.Aggregate(ledger, (sum, next) => LedgerUpdater.Count(sum, next.Kind, next.Changes));

        // A new position alone is not written, unless the previous one may expire soon.
        return ReferenceEquals(counted, ledger) && !changes.Exists(next => next.Changes.IsListed)
            ? ledger
            : changes.Aggregate(counted, (moved, next) => LedgerUpdater.MoveTo(moved, next.Kind, next.Changes.Position));
    }

    /// <summary>Brings a ledger that was just loaded up to date.</summary>
    public async Task<Ledger> CatchUpAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        var gathered = await Task.WhenAll(feeds.All.Select(feed => GatherAsync(ledger, feed, cancellationToken)));
        var caughtUp = gathered.Aggregate(ledger, CatchUp);
        _begun = null;
        return caughtUp;
    }

    private Ledger CatchUp(Ledger ledger, Gathered gathered)
    {
        if (gathered.View.Position < 0)
        {
            return ledger; // Never listed: nothing is known.
        }

        var known = ledger.Objects.ContainsKey(gathered.Kind)
            ? ledger
            : LedgerUpdater.Adopt(ledger, gathered.Kind, _begun?[gathered.Kind] ?? gathered.View);
        return LedgerUpdater.CatchUp(known, gathered.Kind, gathered.View, gathered.Missed);
    }

    private async Task<Gathered> GatherAsync(Ledger ledger, ObjectTracker feed, CancellationToken cancellationToken)
    {
        var view = feed.Begin();
        if (!ledger.Objects.TryGetValue(feed.Kind, out var register) || register.Position >= view.Since)
        {
            return new Gathered(feed.Kind, view, []);
        }

        var missed = await history.ReadAsync(feed.Kind, register.Position, view.Since, cancellationToken);
        if (!missed.IsWhole)
        {
            statistics.HistoryLost();
        }

        return new Gathered(feed.Kind, view, missed.Deaths);
    }

    private sealed record Gathered(CountedKind Kind, ObjectSnapshot View, IReadOnlyList<DeletedObject> Missed);
}
