using System.Text.Json.Serialization;

namespace Wayleave.EventStore.Events;

/// <summary>
/// The facts of an event. Each type of event has a record of its own, which has no place for secrets: no headers, no bodies, no messages of
/// exceptions. Immutable.
/// </summary>
public abstract record EventPayload;

/// <summary>The operator started.</summary>
/// <param name="Version">The version of the operator.</param>
/// <param name="Mode">The default enforcement mode.</param>
/// <param name="IsTelemetryEnabled">Whether usage telemetry is on.</param>
public sealed record ProcessStarted(string Version, string Mode, bool IsTelemetryEnabled) : EventPayload;

/// <summary>The operator stops in an orderly way.</summary>
public sealed record ProcessStopped : EventPayload;

/// <summary>This replica became the leader, or acts without leader election.</summary>
public sealed record LeadershipGained : EventPayload;

/// <summary>This replica stopped acting.</summary>
/// <param name="Reason"><c>lease_lost</c> or <c>stopping</c>.</param>
public sealed record LeadershipLost(string Reason) : EventPayload;

/// <summary>All caches received their first list.</summary>
/// <param name="Seconds">Seconds since the start of the process.</param>
public sealed record CachesSynced(double Seconds) : EventPayload;

/// <summary>A watch could not be resumed, and everything of a kind was listed again.</summary>
/// <param name="Resource">The plural name of the resource.</param>
/// <param name="Reason">The status code of the API server's response.</param>
/// <param name="Cluster">The member cluster. Null for the operator's own cluster.</param>
public sealed record WatchRelisted(string Resource, string Reason, string? Cluster) : EventPayload;

/// <summary>A reconcile failed, and is retried.</summary>
/// <param name="Controller">The controller, as in the label <c>controller</c> of metrics.</param>
/// <param name="Attempt">The number of the attempt, from 1.</param>
/// <param name="Error">The type of the error, or the status code of the API server's response.</param>
/// <param name="Cluster">The member cluster. Null for the operator's own cluster.</param>
public sealed record ReconcileFailed(string Controller, int Attempt, string Error, string? Cluster) : EventPayload;

/// <summary>The change of a NetworkPolicy.</summary>
/// <param name="Namespace">The namespace of the policy.</param>
/// <param name="Name">The name of the policy.</param>
/// <param name="Cluster">The member cluster. Null for the operator's own cluster.</param>
/// <param name="Changes">The rules that were added and removed, with <c>+</c> or <c>-</c>; at most 20.</param>
/// <param name="OmittedChanges">How many more rules changed.</param>
public abstract record PolicyChangedPayload(
    string Namespace, string Name, string? Cluster, IReadOnlyList<string> Changes, int OmittedChanges) : EventPayload;

/// <inheritdoc cref="PolicyChangedPayload"/>
public sealed record PolicyCreated(
    string Namespace, string Name, string? Cluster, IReadOnlyList<string> Changes, int OmittedChanges)
    : PolicyChangedPayload(Namespace, Name, Cluster, Changes, OmittedChanges);

/// <inheritdoc cref="PolicyChangedPayload"/>
public sealed record PolicyUpdated(
    string Namespace, string Name, string? Cluster, IReadOnlyList<string> Changes, int OmittedChanges)
    : PolicyChangedPayload(Namespace, Name, Cluster, Changes, OmittedChanges);

/// <inheritdoc cref="PolicyChangedPayload"/>
public sealed record PolicyDeleted(
    string Namespace, string Name, string? Cluster, IReadOnlyList<string> Changes, int OmittedChanges)
    : PolicyChangedPayload(Namespace, Name, Cluster, Changes, OmittedChanges);

/// <summary>Someone else had changed or deleted a NetworkPolicy, and it was written again.</summary>
/// <param name="Namespace">The namespace of the policy.</param>
/// <param name="Name">The name of the policy.</param>
/// <param name="Cluster">The member cluster. Null for the operator's own cluster.</param>
/// <param name="Changes">What was undone: the rules that were added and removed, with <c>+</c> or <c>-</c>; at most 20.</param>
/// <param name="OmittedChanges">How many more rules changed.</param>
/// <param name="WasDeleted">Whether the policy had been deleted.</param>
public sealed record PolicyRestored(
    string Namespace, string Name, string? Cluster, IReadOnlyList<string> Changes, int OmittedChanges, bool WasDeleted)
    : PolicyChangedPayload(Namespace, Name, Cluster, Changes, OmittedChanges);

/// <summary>The API server rejected the write of a NetworkPolicy.</summary>
/// <param name="Namespace">The namespace of the policy.</param>
/// <param name="Name">The name of the policy.</param>
/// <param name="Cluster">The member cluster. Null for the operator's own cluster.</param>
/// <param name="StatusCode">The status code of the API server's response.</param>
public sealed record PolicyRejected(string Namespace, string Name, string? Cluster, int StatusCode) : EventPayload;

/// <summary>The condition Ready of a resource changed.</summary>
/// <param name="Condition">The type of the condition.</param>
/// <param name="Status">The new status: True, False or Unknown.</param>
/// <param name="Reason">The new reason.</param>
/// <param name="Message">The new message.</param>
/// <param name="OldStatus">The status before. Null if the object had no such condition.</param>
/// <param name="OldReason">The reason before. Null if the object had no such condition.</param>
public sealed record ConditionChanged(
    string Condition, string Status, string Reason, string Message, string? OldStatus, string? OldReason) : EventPayload;

/// <summary>A status was written, and the condition Ready did not change.</summary>
/// <param name="Generation">The generation of the object that the status is about.</param>
/// <param name="Ready">The status of the condition Ready. Null if there is none.</param>
/// <param name="Reason">The reason of the condition Ready.</param>
public sealed record StatusWritten(long Generation, string? Ready, string? Reason) : EventPayload;

/// <summary>A domain has other addresses than before.</summary>
/// <param name="Domain">The name that was looked up.</param>
/// <param name="Addresses">The addresses now; at most 20.</param>
/// <param name="OmittedAddresses">How many more addresses there are.</param>
/// <param name="Cluster">The member cluster whose policies it is for. Null for the operator's own cluster.</param>
public sealed record DomainResolved(string Domain, IReadOnlyList<string> Addresses, int OmittedAddresses, string? Cluster) : EventPayload;

/// <summary>A batch of usage telemetry left the cluster, or an attempt failed.</summary>
/// <param name="Records">The number of records in the batch.</param>
/// <param name="Failure">Why the collector did not accept it: a word of a closed set, or a status code. Null if it did.</param>
public sealed record TelemetrySent(int Records, string? Failure) : EventPayload;

/// <summary>Serializes payloads.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProcessStarted))]
[JsonSerializable(typeof(ProcessStopped))]
[JsonSerializable(typeof(LeadershipGained))]
[JsonSerializable(typeof(LeadershipLost))]
[JsonSerializable(typeof(CachesSynced))]
[JsonSerializable(typeof(WatchRelisted))]
[JsonSerializable(typeof(ReconcileFailed))]
[JsonSerializable(typeof(PolicyCreated))]
[JsonSerializable(typeof(PolicyUpdated))]
[JsonSerializable(typeof(PolicyDeleted))]
[JsonSerializable(typeof(PolicyRestored))]
[JsonSerializable(typeof(PolicyRejected))]
[JsonSerializable(typeof(ConditionChanged))]
[JsonSerializable(typeof(StatusWritten))]
[JsonSerializable(typeof(DomainResolved))]
[JsonSerializable(typeof(TelemetrySent))]
internal sealed partial class EventPayloadJson : JsonSerializerContext;
