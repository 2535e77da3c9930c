using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;
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

    /// <summary>The number of the last batch that was frozen; 0 before the first.</summary>
    public long Sequence { get; init; }

    /// <summary>What each type's <c>total</c> says, by event type.</summary>
    public ImmutableSortedDictionary<string, long> Totals { get; init; } = UsageDelta.None.Current;

    /// <summary>What was counted of each kind's objects; a kind that is absent was never counted, or its register is lost.</summary>
    public ImmutableDictionary<CountedKind, CountedObjects> Objects { get; init; } = ImmutableDictionary<CountedKind, CountedObjects>.Empty;

    /// <summary>Objects registered as counted, of all kinds.</summary>
    public int ObjectCount => Objects.Values.Sum(register => register.Counted.Count);

    public PendingUsage Pending { get; init; } = PendingUsage.None;

    /// <summary>The batch that is being sent, again and again until it is acknowledged.</summary>
    public LedgerBatch? InFlight { get; init; }

    public AcknowledgedBatch? Acknowledged { get; init; }

    public static Ledger New() => new() { InstanceId = Guid.NewGuid() };

    public Ledger Count(UsageDelta delta)
    {
        var news = delta.Current.Where(entry => !Totals.TryGetValue(entry.Key, out var known) || known != entry.Value).ToList();
        if (delta.Counts.IsEmpty && news.Count == 0)
        {
            return this;
        }

        var totals = Totals.SetItems(news);
        foreach (var (key, count) in delta.Counts.InOrder().Where(entry => entry.Key.Event.Total == UsageTotal.Cumulative))
        {
            totals = totals.SetItem(key.Event.Type, totals.GetValueOrDefault(key.Event.Type) + count);
        }

        return this with { Pending = Pending with { Counts = Pending.Counts.Plus(delta.Counts) }, Totals = totals };
    }

    public Ledger Describe(ImmutableArray<RecordAttribute> shape) => this with { Pending = Pending with { Shape = shape } };

    /// <summary>Makes the batch in flight of what is pending. There must be something, and no other batch in flight.</summary>
    public Ledger Freeze(TelemetryResource origin, DateTimeOffset now)
    {
        if (InFlight is not null || Pending.Counts.IsEmpty)
        {
            throw new InvalidOperationException("A batch is frozen when something is pending and no other batch is in flight.");
        }

        var batch = new LedgerBatch(Sequence + 1, now, origin.Version, RecordBuilder.Build(Pending, Totals, origin, now));
        return this with { Sequence = batch.Sequence, Pending = PendingUsage.None, InFlight = batch };
    }

    public Ledger Acknowledge(DateTimeOffset now) => InFlight is { } batch
        ? this with { InFlight = null, Acknowledged = new AcknowledgedBatch(batch, now) }
        : this;
}
