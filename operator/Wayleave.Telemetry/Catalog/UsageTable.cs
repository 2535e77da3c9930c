using System.Collections.Immutable;

namespace Wayleave.Telemetry.Catalog;

/// <summary>Numbers the rows of the catalog in the order in which they are added.</summary>
internal sealed class UsageTable(ComponentType emitter)
{
    private readonly ImmutableArray<UsageEvent>.Builder _events = ImmutableArray.CreateBuilder<UsageEvent>();

    private ComponentType _emitter = emitter;
    private bool _planned;

    /// <summary>The rows that follow are emitted by <paramref name="component"/>, once its feature is built.</summary>
    public UsageTable Planned(ComponentType component)
    {
        _emitter = component;
        _planned = true;
        return this;
    }

    public UsageTable Add(string type, string name, string unit, UsageTotal total, string description) =>
        Add(UsageClass.Usage, type, name, unit, total, description);

    public UsageTable Add(
        UsageClass kind,
        string type,
        string name,
        string unit,
        UsageTotal total,
        string description,
        params ImmutableArray<UsageAttribute> attributes)
    {
        _events.Add(new UsageEvent
        {
            Ordinal = _events.Count,
            Type = type,
            Name = "wayleave." + name,
            Class = kind,
            Unit = unit,
            Total = total,
            Emitter = _emitter,
            IsPlanned = _planned,
            Description = description,
            Attributes = attributes,
        });
        return this;
    }

    public ImmutableArray<UsageEvent> ToImmutable() => _events.ToImmutable();
}
