using System.Text.Json;
using System.Text.Json.Serialization;

namespace Wayleave.EventStore.Events;

/// <summary>An event as the store keeps it and queries return it. Immutable.</summary>
public sealed record OperatorEvent
{
    /// <summary><c>evt_</c> and a UUID of version 7 (RFC 9562), which sorts by time.</summary>
    public required string Id { get; init; }

    /// <summary>The name of a row of <see cref="EventCatalog"/>.</summary>
    public required string Type { get; init; }

    /// <summary>By the clock of the operator, in whole milliseconds.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>
    /// The trace ID of the reconcile that the event belongs to, as in log lines, Kubernetes Events and spans. Null if it belongs to none.
    /// </summary>
    public string? Run { get; init; }

    /// <summary>The trace ID of the reconcile that caused <see cref="Run"/>. Null if none did, or it is not known.</summary>
    public string? ParentRun { get; init; }

    /// <summary>The replica and, while it leads, the number of the lease's transition: <c>wayleave-7d9f/4</c>.</summary>
    public required string Session { get; init; }

    /// <summary>
    /// The objects that the event is about, the most important first, as <c>kind/namespace/name</c> or <c>kind/name</c>, with the kind in
    /// lower case.
    /// </summary>
    public required IReadOnlyList<string> Subjects { get; init; }

    /// <summary>The program that recorded it.</summary>
    public required string Component { get; init; }

    public required EventProvenance Provenance { get; init; }

    /// <summary>The payload of the type, redacted.</summary>
    public required JsonElement Payload { get; init; }
}

/// <summary>How the operator knows of an event.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventProvenance>))]
public enum EventProvenance
{
    /// <summary>It did or saw it itself.</summary>
    [JsonStringEnumMemberName("direct")]
    Direct,

    /// <summary>It concluded it from what it found.</summary>
    [JsonStringEnumMemberName("inferred")]
    Inferred,
}

/// <summary>How long events are kept.</summary>
public enum EventClass
{
    /// <summary>What was changed in the cluster or left it.</summary>
    Audit,

    /// <summary>What helps to find a problem. Recorded more often and kept for a shorter time.</summary>
    Diagnostic,
}

/// <summary>An object that an event is about.</summary>
/// <param name="Kind">As in the object's manifest.</param>
/// <param name="Namespace">Null or empty if it has none.</param>
public readonly record struct EventSubject(string Kind, string? Namespace, string Name)
{
    /// <summary><c>clientintents/shop/checkout</c>, or <c>cluster/west</c>.</summary>
    public override string ToString() => string.IsNullOrEmpty(Namespace)
        ? $"{Kind.ToLowerInvariant()}/{Name}"
        : $"{Kind.ToLowerInvariant()}/{Namespace}/{Name}";
}
