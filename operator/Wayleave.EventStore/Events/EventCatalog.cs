using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;

namespace Wayleave.EventStore.Events;

/// <summary>Every type of event. The documentation and the completion of the command line are made from it.</summary>
public static class EventCatalog
{
    /// <summary>In the order of the documentation.</summary>
    public static ImmutableArray<EventType> All { get; } =
    [
        Audit<PolicyCreated>("policy_created", "The operator created a NetworkPolicy."),
        Audit<PolicyUpdated>("policy_updated", "The operator changed a NetworkPolicy."),
        Audit<PolicyDeleted>("policy_deleted", "The operator deleted a NetworkPolicy."),
        Audit<PolicyRestored>("policy_restored", "Someone else had changed or deleted a NetworkPolicy, and the operator wrote it again."),
        Audit<PolicyRejected>("policy_rejected", "The API server rejected the write of a NetworkPolicy."),
        Audit<ConditionChanged>("condition_changed", "The condition Ready of a resource changed."),
        Audit<TelemetrySent>("telemetry_sent", "A batch of usage telemetry left the cluster, or an attempt failed."),
        Audit<ProcessStarted>("process_started", "The operator started."),
        Audit<ProcessStopped>("process_stopped", "The operator stops in an orderly way."),
        Audit<LeadershipGained>("leadership_gained", "This replica became the leader, or acts without leader election."),
        Audit<LeadershipLost>("leadership_lost", "This replica stopped acting."),
        Diagnostic<StatusWritten>("status_written", "The operator wrote the status of a resource, and its condition Ready did not change."),
        Diagnostic<DomainResolved>("domain_resolved", "The addresses of a domain changed."),
        Diagnostic<ReconcileFailed>("reconcile_failed", "A reconcile failed and is retried."),
        Diagnostic<WatchRelisted>("watch_relisted", "A watch could not be resumed, and everything of a kind was listed again."),
        Diagnostic<CachesSynced>("caches_synced", "All caches received their first list."),
    ];

    private static readonly FrozenDictionary<Type, EventType> _byPayload = All.ToFrozenDictionary(type => type.Payload);
    private static readonly FrozenDictionary<string, EventType> _byName = All.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>The type of a payload.</summary>
    /// <exception cref="KeyNotFoundException">The catalog has no row for it.</exception>
    public static EventType Get(EventPayload payload) => _byPayload[payload.GetType()];

    /// <summary>Null if there is no such type.</summary>
    public static EventType? Find(string name) => _byName.GetValueOrDefault(name);

    private static EventType Audit<TPayload>(string name, string summary)
        where TPayload : EventPayload => Create<TPayload>(name, EventClass.Audit, summary);

    private static EventType Diagnostic<TPayload>(string name, string summary)
        where TPayload : EventPayload => Create<TPayload>(name, EventClass.Diagnostic, summary);

    private static EventType Create<TPayload>(string name, EventClass retention, string summary)
        where TPayload : EventPayload =>
        new(name, retention, summary, typeof(TPayload), EventPayloadJson.Default.GetTypeInfo(typeof(TPayload))!);
}

/// <summary>A type of event.</summary>
/// <param name="Name">In snake case.</param>
/// <param name="Class">How long its events are kept.</param>
public sealed record EventType(string Name, EventClass Class, string Summary, Type Payload, JsonTypeInfo Json);
