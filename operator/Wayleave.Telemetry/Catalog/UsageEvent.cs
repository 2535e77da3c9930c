using System.Collections.Immutable;

namespace Wayleave.Telemetry.Catalog;

/// <summary>A telemetry event. Instances exist only in <see cref="UsageCatalog"/>.</summary>
public sealed class UsageEvent
{
    internal UsageEvent()
    {
    }

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

/// <summary>What an event is about. <see cref="Error"/> has a switch of its own; the other two share the usage switch.</summary>
public enum UsageClass
{
    /// <summary>That a feature was used, and how much.</summary>
    Usage,

    /// <summary>That something failed.</summary>
    Error,

    /// <summary>That an administrator changed what the operator enforces, or where.</summary>
    Audit,
}

/// <summary>What the <c>total</c> attribute of an event's records means.</summary>
public enum UsageTotal
{
    /// <summary>Its records carry no total.</summary>
    None,

    /// <summary>The current number, as last reported. Omitted until it is known.</summary>
    Current,

    /// <summary>How many there were since the installation began.</summary>
    Cumulative,
}

/// <summary>
/// The programs of Wayleave, as the <c>component.type</c> attribute names them: the operator, the command line, the network mapper, and the
/// sensor on each node.
/// </summary>
public enum ComponentType
{
    Operator,
    Cli,
    Mapper,
    Sensor,
}

/// <summary>The part of the operator where an error was caught. A closed list: nothing in a cluster can add to it.</summary>
public enum ErrorComponent
{
    /// <summary>The reconciler of intents and protected services.</summary>
    Intents,

    /// <summary>The reconciler of enforcement policies.</summary>
    Policies,

    /// <summary>The reconciler of member clusters.</summary>
    Clusters,

    /// <summary>The computation and writing of network policies.</summary>
    Enforcement,

    /// <summary>Informers and the recorder of Events. Such an error ends the process.</summary>
    Kubernetes,

    /// <summary>Telemetry itself.</summary>
    Telemetry,
}
