using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Records;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>
/// Everything that outlives a process: objects, the log of their changes for as long as it is kept, the stored ledger and the collector.
/// Also the true counts, which no process sees.
/// </summary>
internal sealed class ModelCluster
{
    private readonly Dictionary<ObjectId, ModelObject> _objects = [];
    private readonly Dictionary<Guid, UsageRecord> _received = [];
    private long _keptFrom;
    private ulong _ids;

    public FakeLedgerStore Store { get; } = new();

    public List<ModelChange> Log { get; } = [];

    public long Position { get; private set; } = 100;

    public bool CollectorIsAway { get; set; }

    public IReadOnlyCollection<ModelObject> Objects => _objects.Values;

    /// <summary>What happened, by event type.</summary>
    public SortedDictionary<string, long> Truth { get; } = new(StringComparer.Ordinal);

    /// <summary>What the collector received, by event type, without duplicate records.</summary>
    public SortedDictionary<string, long> Received => new(
        _received.Values.Where(record => record.Event != UsageCatalog.Started).GroupBy(record => record.Event.Type).ToDictionary(
            group => group.Key,
            group => group.Sum(record => long.Parse(record[UsageAttributeCatalog.Count]!.ToString(), System.Globalization.CultureInfo.InvariantCulture))),
        StringComparer.Ordinal);

    public void Create(CountedKind kind) => Write(new ModelObject(kind, new ObjectId(++_ids), ObjectUsage.None));

    /// <summary>The operator writes to the object's status how much of it was applied, in all and by type.</summary>
    public void Apply(ModelObject before, params long[] counts)
    {
        var usage = before.Kind.Applied.Length == 1
            ? ObjectUsage.Once
            : new ObjectUsage([.. before.Kind.Applied.Select((_, index) => before.Usage.GetApplied(index) + counts.ElementAtOrDefault(index))], [.. counts]);
        for (var index = 0; index < before.Kind.Applied.Length; index++)
        {
            Count(before.Kind.Applied[index], usage.GetApplied(index) - before.Usage.GetApplied(index));
        }

        Write(before with { Usage = usage });
    }

    /// <summary>The network mapper sees a new caller, with these calls in all and by source.</summary>
    public void Discover(params long[] counts) =>
        Discover(new ModelObject(CountedKindCatalog.ObservedIntents, new ObjectId(++_ids), ObjectUsage.None), counts);

    /// <summary>The network mapper sees more calls of a caller.</summary>
    public void Discover(ModelObject before, params long[] counts)
    {
        var kind = before.Kind;
        long[] seen = [.. Enumerable.Range(0, kind.Applied.Length - 1).Select(index => before.Usage.GetApplied(index) + counts.ElementAtOrDefault(index)), 1];
        var usage = new ObjectUsage([.. seen], [0, 0, 0, 0, 1]);
        for (var index = 0; index < kind.Applied.Length; index++)
        {
            Count(kind.Applied[index], usage.GetApplied(index) - before.Usage.GetApplied(index));
        }

        Write(before with { Usage = usage });
    }

    public void Delete(ModelObject gone)
    {
        _objects.Remove(gone.Id);
        if (gone.Kind.Deleted is { } deleted)
        {
            Count(deleted, gone.Usage.GetCurrent(0));
        }

        Log.Add(new ModelChange(++Position, gone, IsGone: true));
    }

    /// <summary>The API server loses its history.</summary>
    public void Forget() => _keptFrom = Position;

    public ObjectHistory GetDeleted(CountedKind kind, long after, long upTo) => new(
        Log.Where(change => change.IsGone && change.Object.Kind == kind && change.Position > Math.Max(after, _keptFrom) && change.Position <= upTo)
            .Select(change => new DeletedObject(change.Object.Id, change.Object.Usage, change.Position)).ToList(),
        IsComplete: after >= _keptFrom);

    public SendResult Receive(LedgerBatch batch)
    {
        foreach (var record in CollectorIsAway ? [] : batch.Records)
        {
            _received.TryAdd(Guid.Parse(record[UsageAttributeCatalog.EventId]!.ToString()), record);
        }

        return CollectorIsAway ? SendResult.Failed("away") : SendResult.Acknowledged(0);
    }

    /// <summary>Whether the stored ledger has counted every change of every object, deleted ones included.</summary>
    public bool IsLedgerUpToDate()
    {
        var objects = Store.Read()?.Objects;
        return objects is not null && Log.GroupBy(change => change.Object.Id).Select(changes => changes.Last()).All(last =>
            last.Object.Usage.IsNone
            || (objects.TryGetValue(last.Object.Kind, out var register)
                && (register.Counted.GetValueOrDefault(last.Object.Id)?.Equals(last.Object.Usage) ?? (last.IsGone && register.Position >= last.Position))));
    }

    private void Write(ModelObject written)
    {
        _objects[written.Id] = written with { Position = ++Position };
        Log.Add(new ModelChange(Position, _objects[written.Id], IsGone: false));
    }

    private void Count(UsageEvent usage, long count)
    {
        if (count > 0)
        {
            Truth[usage.Type] = Truth.GetValueOrDefault(usage.Type) + count;
        }
    }
}
