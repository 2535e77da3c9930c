using System.Collections.Immutable;

namespace Wayleave.Telemetry.Catalog;

/// <summary>An event that Wayleave may tell its makers about. Instances exist only in <see cref="UsageCatalog"/>.</summary>
public sealed class UsageEvent
{
    internal UsageEvent()
    {
    }

    /// <summary>The event's place in <see cref="UsageCatalog.All"/>. Not on the wire and not stable between versions.</summary>
    public required int Ordinal { get; init; }

    /// <summary>For example <c>INTENTS_APPLIED</c>: the <c>event.type</c> attribute.</summary>
    public required string Type { get; init; }

    /// <summary>For example <c>wayleave.intents.applied</c>: the EventName of the OTLP log record.</summary>
    public required string Name { get; init; }

    public required UsageClass Class { get; init; }

    /// <summary>What one <c>count</c> is, in the notation of UCUM annotations, for example <c>{intent}</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>What the records' <c>total</c> means.</summary>
    public required UsageTotal Total { get; init; }

    /// <summary>The program that emits the event.</summary>
    public required ComponentType Emitter { get; init; }

    /// <summary>The feature is not built yet: the event is announced, and never emitted.</summary>
    public required bool IsPlanned { get; init; }

    /// <summary>One sentence for the documentation.</summary>
    public required string Description { get; init; }

    /// <summary>What its records carry beyond <see cref="UsageAttributeCatalog.Common"/>.</summary>
    public required ImmutableArray<UsageAttribute> Attributes { get; init; }

    public override string ToString() => Type;
}
