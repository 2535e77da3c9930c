using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Objects;

/// <summary>Updates a ledger from the state of objects. Pure.</summary>
internal static class LedgerUpdater
{
    /// <summary>
    /// Objects that are registered at most, of all kinds together: at 12 to 30 bytes each they leave a ConfigMap (1 MiB) a third of its
    /// room.
    /// </summary>
    public const int MaximumObjects = 24_576;

    /// <summary>Registers existing objects as counted, because an earlier ledger was lost.</summary>
    public static Ledger SetBaseline(Ledger ledger, CountedKind kind, ObjectSnapshot view)
    {
        var updater = new ObjectCountUpdater(kind, CountedObjects.Empty, GetRoom(ledger));
        foreach (var (id, state) in view.Live)
        {
            updater.SetUsage(id, state.Usage);
        }

        return RecomputeTotals(SetCountedObjects(ledger, kind, updater.ToCountedObjects(view.Position)), kind);
    }

    /// <summary>What changed since the ledger was last brought up to date.</summary>
    public static Ledger Count(Ledger ledger, CountedKind kind, ObjectChanges changes)
    {
        var known = GetCountedObjects(ledger, kind);
        var updater = new ObjectCountUpdater(kind, known, GetRoom(ledger));

        // Deletions first: a namespace can be there again.
        foreach (var deleted in changes.Deleted.Where(deleted => deleted.Position > known.Position))
        {
            updater.RemoveObject(deleted.Id, deleted.Usage);
        }

        SetUsages(updater, known, changes.Updated);
        return updater.IsChanged
            ? SetCountedObjects(ledger.Count(updater.ToDelta(ledger.Totals)), kind, updater.ToCountedObjects(changes.Position))
            : ledger;
    }

    /// <summary>
    /// Counts everything since the last update of the ledger by any replica, from existing objects and deleted objects. A registered object
    /// in neither list was deleted with an unknown last state. Missing objects are not counted as deleted if the snapshot is older than the
    /// ledger.
    /// </summary>
    /// <param name="missed">Those deleted after the position of the ledger and before the deleted objects of the view begin.</param>
    public static Ledger CatchUp(Ledger ledger, CountedKind kind, ObjectSnapshot view, IReadOnlyList<DeletedObject> missed)
    {
        var known = GetCountedObjects(ledger, kind);
        var updater = new ObjectCountUpdater(kind, known, GetRoom(ledger));
        var deleted = missed.Concat(view.Deleted)
            .Where(entry => entry.Position > known.Position && !view.Live.ContainsKey(entry.Id))
            .DistinctBy(entry => entry.Id)
            .ToDictionary(entry => entry.Id, entry => entry.Usage);
        foreach (var (id, usage) in deleted)
        {
            updater.RemoveObject(id, usage);
        }

        SetUsages(updater, known, view.Live);
        var lags = view.Position < known.Position;
        foreach (var id in known.Counted.Keys.Where(id => !lags && !view.Live.ContainsKey(id) && !deleted.ContainsKey(id)))
        {
            updater.RemoveObject(id, last: null);
        }

        var counted = updater.IsChanged ? ledger.Count(updater.ToDelta(ledger.Totals)) : ledger;
        return RecomputeTotals(SetCountedObjects(counted, kind, updater.ToCountedObjects(view.Position)), kind);
    }

    /// <summary>Moves the position of a kind of which there is nothing to count.</summary>
    public static Ledger AdvancePosition(Ledger ledger, CountedKind kind, long position)
    {
        var known = GetCountedObjects(ledger, kind);
        return position > known.Position ? SetCountedObjects(ledger, kind, known with { Position = position }) : ledger;
    }

    private static void SetUsages(
        ObjectCountUpdater updater, CountedObjects counted, IEnumerable<KeyValuePair<ObjectId, ObjectState>> objects)
    {
        foreach (var (id, state) in objects.Where(entry => entry.Value.Position > counted.Position))
        {
            updater.SetUsage(id, state.Usage);
        }
    }

    private static CountedObjects GetCountedObjects(Ledger ledger, CountedKind kind) =>
        ledger.Objects.GetValueOrDefault(kind, CountedObjects.Empty);

    private static Ledger SetCountedObjects(Ledger ledger, CountedKind kind, CountedObjects known) =>
        ledger with { Objects = ledger.Objects.SetItem(kind, known) };

    // Recompute the totals: they may have been edited in the ledger.
    private static Ledger RecomputeTotals(Ledger ledger, CountedKind kind)
    {
        var totals = ledger.Totals.ToBuilder();
        for (var index = 0; index < kind.Applied.Length; index++)
        {
            var total = GetCountedObjects(ledger, kind).Counted.Values.Sum(usage => usage.GetCurrent(index));
            if (kind.Applied[index].Total == UsageTotal.Current && (total > 0 || totals.ContainsKey(kind.Applied[index].Type)))
            {
                totals[kind.Applied[index].Type] = total;
            }
        }

        return ledger with { Totals = totals.ToImmutable() };
    }

    private static int GetRoom(Ledger ledger) => MaximumObjects - ledger.ObjectCount;
}
