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
    public static Ledger Adopt(Ledger ledger, CountedKind kind, ObjectSnapshot view)
    {
        var tally = new ObjectCountUpdater(kind, CountedObjects.Empty, Room(ledger));
        foreach (var (id, state) in view.Live)
        {
            tally.See(id, state.Usage);
        }

        return WithCurrent(With(ledger, kind, tally.ToRegister(view.Position)), kind);
    }

    /// <summary>What changed since the ledger was last brought up to date.</summary>
    public static Ledger Count(Ledger ledger, CountedKind kind, ObjectChanges changes)
    {
        var register = RegisterOf(ledger, kind);
        var tally = new ObjectCountUpdater(kind, register, Room(ledger));
        See(tally, register, changes.Seen);
        foreach (var death in changes.Gone.Where(death => death.Position > register.Position))
        {
            tally.Bury(death.Id, death.Usage);
        }

        return tally.IsChanged
            ? With(ledger.Count(tally.ToDelta(ledger.Totals)), kind, tally.ToRegister(Math.Max(register.Position, changes.Position)))
            : ledger;
    }

    /// <summary>
    /// Counts everything since the last update of the ledger by any replica, from existing objects and deleted objects. A registered object
    /// in neither list was deleted with an unknown last state. Missing objects are not counted as deleted if the snapshot is older than the
    /// ledger.
    /// </summary>
    /// <param name="ledger">As it was loaded.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="view">How its objects stand.</param>
    /// <param name="missed">Those that went after the register's position and before the view's own deaths begin.</param>
    public static Ledger CatchUp(Ledger ledger, CountedKind kind, ObjectSnapshot view, IReadOnlyList<DeletedObject> missed)
    {
        var register = RegisterOf(ledger, kind);
        var tally = new ObjectCountUpdater(kind, register, Room(ledger));
        var dead = new HashSet<ObjectId>();
        foreach (var death in missed.Concat(view.Deaths).Where(death => death.Position > register.Position))
        {
            if (!view.Live.ContainsKey(death.Id) && dead.Add(death.Id))
            {
                tally.Bury(death.Id, death.Usage);
            }
        }

        See(tally, register, view.Live);
        var lags = view.Position < register.Position;
        foreach (var id in register.Counted.Keys.Where(id => !lags && !view.Live.ContainsKey(id) && !dead.Contains(id)))
        {
            tally.Bury(id, last: null);
        }

        var counted = tally.IsChanged ? ledger.Count(tally.ToDelta(ledger.Totals)) : ledger;
        return WithCurrent(With(counted, kind, tally.ToRegister(Math.Max(register.Position, view.Position))), kind);
    }

    /// <summary>Moves the position of a kind of which there is nothing to count.</summary>
    public static Ledger MoveTo(Ledger ledger, CountedKind kind, long position)
    {
        var register = RegisterOf(ledger, kind);
        return position > register.Position ? With(ledger, kind, register with { Position = position }) : ledger;
    }

    private static void See(ObjectCountUpdater tally, CountedObjects register, IEnumerable<KeyValuePair<ObjectId, ObjectState>> objects)
    {
        foreach (var (id, state) in objects)
        {
            if (state.Position > register.Position)
            {
                tally.See(id, state.Usage);
            }
        }
    }

    private static CountedObjects RegisterOf(Ledger ledger, CountedKind kind) =>
        ledger.Objects.GetValueOrDefault(kind, CountedObjects.Empty);

    private static Ledger With(Ledger ledger, CountedKind kind, CountedObjects register) =>
        ledger with { Objects = ledger.Objects.SetItem(kind, register) };

    // Recompute the totals: they may have been edited in the ledger.
    private static Ledger WithCurrent(Ledger ledger, CountedKind kind)
    {
        var totals = ledger.Totals.ToBuilder();
        for (var index = 0; index < kind.Applied.Length; index++)
        {
            var total = RegisterOf(ledger, kind).Counted.Values.Sum(usage => usage.CurrentOf(index));
            if (kind.Applied[index].Total == UsageTotal.Current && (total > 0 || totals.ContainsKey(kind.Applied[index].Type)))
            {
                totals[kind.Applied[index].Type] = total;
            }
        }

        return ledger with { Totals = totals.ToImmutable() };
    }

    private static int Room(Ledger ledger) => MaximumObjects - ledger.ObjectCount;
}
