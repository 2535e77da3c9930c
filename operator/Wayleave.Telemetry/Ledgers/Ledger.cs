using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>The durable record of what was counted and is not yet acknowledged. Immutable; its size has a bound.</summary>
internal sealed record Ledger
{
    /// <summary>Random, for the life of the installation.</summary>
    public required Guid InstanceId { get; init; }

    /// <summary>Set once the cluster's own id could not be read.</summary>
    public ContextId? FallbackContext { get; init; }

    /// <summary>The number of the last batch; 0 before the first.</summary>
    public long Sequence { get; init; }

    /// <summary>What each type's <c>total</c> says, by event type.</summary>
    public ImmutableSortedDictionary<string, long> Totals { get; init; } = UsageDelta.None.Current;

    /// <summary>What was counted of each kind's objects; a kind that is absent was never counted, or the part is lost.</summary>
    public ImmutableDictionary<CountedKind, CountedObjects> Objects { get; init; } = ImmutableDictionary<CountedKind, CountedObjects>.Empty;

    /// <summary>Objects registered as counted, of all kinds.</summary>
    public int ObjectCount => Objects.Values.Sum(objects => objects.Counted.Count);

    public PendingUsage Pending { get; init; } = PendingUsage.None;

    /// <summary>The batch that is being sent, again and again until it is acknowledged.</summary>
    public LedgerBatch? InFlight { get; init; }

    public AcknowledgedBatch? Acknowledged { get; init; }

    public static Ledger Create() => new() { InstanceId = Guid.NewGuid() };

    public Ledger Count(UsageDelta delta)
    {
        var changed = delta.Current.Where(entry => !Totals.TryGetValue(entry.Key, out var known) || known != entry.Value).ToList();
        if (delta.Counts.IsEmpty && changed.Count == 0)
        {
            return this;
        }

        var totals = Totals.SetItems(changed);
        foreach (var (key, count) in delta.Counts.InOrder().Where(entry => entry.Key.Event.Total == UsageTotal.Cumulative))
        {
            totals = totals.SetItem(key.Event.Type, totals.GetValueOrDefault(key.Event.Type) + count);
        }

        return this with { Pending = Pending with { Counts = Pending.Counts.Add(delta.Counts) }, Totals = totals };
    }

    public Ledger SetClusterProfile(ImmutableArray<RecordAttribute> attributes) =>
        this with { Pending = Pending with { ClusterProfile = attributes } };

    /// <summary>Turns the pending counts into the batch in flight. There must be pending counts and no batch in flight.</summary>
    public Ledger CreateBatch(TelemetryResource resource, DateTimeOffset now)
    {
        if (InFlight is not null || Pending.Counts.IsEmpty)
        {
            throw new InvalidOperationException("A batch is created when something is pending and no other batch is in flight.");
        }

        var batch = new LedgerBatch(Sequence + 1, now, resource.Version, RecordBuilder.Build(Pending, Totals, resource, now));
        return this with { Sequence = batch.Sequence, Pending = PendingUsage.None, InFlight = batch };
    }

    public Ledger Acknowledge(DateTimeOffset now) => InFlight is { } batch
        ? this with { InFlight = null, Acknowledged = new AcknowledgedBatch(batch, now) }
        : this;
}

/// <summary>
/// Records that are sent together, in one request, until the collector acknowledges them. Nothing in a batch changes between two
/// attempts, not even across a restart or an upgrade: the bytes are the same.
/// </summary>
/// <param name="Sequence">1 for the installation's first batch, and so on.</param>
/// <param name="Records">At least one.</param>
internal sealed record LedgerBatch(long Sequence, DateTimeOffset CreatedAt, SemanticVersion Version, ImmutableArray<UsageRecord> Records)
{
    /// <summary>Whether both are the same batch: two leaders may, for a moment, each have created one with the same number.</summary>
    public bool IsSameAs(LedgerBatch? other) => other is not null && Sequence == other.Sequence && Id == other.Id;

    private string? Id => Records[0][UsageAttributeCatalog.EventId]?.ToString();
}

/// <param name="Batch">Exactly as it was sent.</param>
internal sealed record AcknowledgedBatch(LedgerBatch Batch, DateTimeOffset At);

/// <summary>The pending counts. Their size is bounded, because counts are merged, not queued.</summary>
/// <param name="ClusterProfile">The latest cluster profile for ACTIVE. Empty if there is none.</param>
internal sealed record PendingUsage(UsageCountMap Counts, ImmutableArray<RecordAttribute> ClusterProfile)
{
    public static PendingUsage None { get; } = new(UsageCountMap.None, []);
}

/// <param name="Current">The last reported current totals, by event type.</param>
internal sealed record UsageDelta(UsageCountMap Counts, ImmutableSortedDictionary<string, long> Current)
{
    public static UsageDelta None { get; } =
        new(UsageCountMap.None, ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal));

    /// <summary>Adds the counts of a later delta. Its current totals replace those of this one.</summary>
    public UsageDelta Add(UsageDelta later) => new(Counts.Add(later.Counts), Current.SetItems(later.Current));
}

/// <summary>Merges the counts of this replica into the ledger that another replica stored in the meantime. Pure.</summary>
internal static class LedgerMerger
{
    private static readonly UsageKey Active = new(UsageCatalog.Active);

    /// <param name="stored">The stored ledger, which decides which batch is in flight.</param>
    /// <param name="mine">The ledger that this replica tried to store.</param>
    /// <param name="unsaved">The counts of this replica since it last stored its ledger.</param>
    /// <remarks>
    /// A batch that this replica created but could not store is dropped. Its counts are still pending in <paramref name="stored"/> or
    /// <paramref name="unsaved"/>.
    /// </remarks>
    public static Ledger Merge(Ledger stored, Ledger mine, UsageDelta unsaved)
    {
        var merged = stored.Count(unsaved);
        if (unsaved.Counts[Active] > 0)
        {
            merged = merged.SetClusterProfile(mine.Pending.ClusterProfile);
        }

        if (mine.Acknowledged is { } acknowledged && acknowledged.Batch.IsSameAs(stored.InFlight))
        {
            merged = merged.Acknowledge(acknowledged.At);
        }

        return merged.FallbackContext is null && mine.FallbackContext is { } context
            ? merged with { FallbackContext = context }
            : merged;
    }
}

/// <summary>A save with an unknown result: the call failed, but perhaps only its response was lost.</summary>
/// <param name="CountedSince">What was counted since, and so is not in it.</param>
internal sealed record UncertainSave(Ledger Ledger, UsageDelta CountedSince)
{
    public bool Matches(IReadOnlyDictionary<string, string> entries)
    {
        var mine = LedgerSerializer.Write(Ledger);
        return mine.Count == entries.Count && mine.All(entry => entries.TryGetValue(entry.Key, out var text) && text == entry.Value);
    }
}
