using System.Text.Json;
using Wayleave.EventStore.Events;

namespace Wayleave.Cli.Reports;

/// <summary>The facts of an event on one line.</summary>
internal static class EventSummary
{
    private const int MaxLength = 160;
    private const int MaxAddresses = 4;

    public static string Format(OperatorEvent one)
    {
        var text = ReadPayload(one) is { } payload ? Format(payload) : one.Payload.GetRawText();
        return text.Length <= MaxLength ? text : $"{text[..MaxLength]}...";
    }

    // Null if this program does not know the type, or its payload: the operator may be newer.
    private static EventPayload? ReadPayload(OperatorEvent one)
    {
        try
        {
            return EventCatalog.Find(one.Type) is { } type ? (EventPayload?)one.Payload.Deserialize(type.Json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Format(EventPayload payload) => payload switch
    {
        PolicyChangedPayload change => Format(change) + In(change.Cluster),
        PolicyRejected rejected => $"{rejected.Namespace}/{rejected.Name} {rejected.StatusCode}" + In(rejected.Cluster),
        ConditionChanged change =>
            $"{change.Condition}: {(change.OldStatus is null ? "" : $"{change.OldStatus} {change.OldReason} -> ")}{change.Status} {change.Reason}",
        TelemetrySent sent => $"{sent.Records} records, {(sent.Failure is null ? "accepted" : $"failed: {sent.Failure}")}",
        ProcessStarted started => $"{started.Version}, mode {started.Mode}, telemetry {(started.IsTelemetryEnabled ? "on" : "off")}",
        LeadershipLost lost => lost.Reason,
        StatusWritten { Ready: null } written => $"generation {written.Generation}",
        StatusWritten written => $"generation {written.Generation}, Ready: {written.Ready} {written.Reason}",
        DomainResolved resolved => Format(resolved) + In(resolved.Cluster),
        ReconcileFailed failed => $"{failed.Controller}, attempt {failed.Attempt}: {failed.Error}" + In(failed.Cluster),
        WatchRelisted relisted => $"{relisted.Resource}: {relisted.Reason}{In(relisted.Cluster)}",
        CachesSynced synced => $"after {synced.Seconds} s",
        _ => "",
    };

    private static string Format(PolicyChangedPayload change)
    {
        var (added, removed) = (Count(change, '+'), Count(change, '-'));
        var omitted = change.OmittedChanges > 0 ? $" and {change.OmittedChanges} more" : "";
        var deleted = change is PolicyRestored { WasDeleted: true } ? ", was deleted" : "";
        return $"{change.Namespace}/{change.Name} +{added} -{removed}{omitted}{deleted}";
    }

    private static int Count(PolicyChangedPayload change, char sign) =>
        (change.Changes ?? []).Count(rule => rule?.StartsWith(sign) == true);

    private static string Format(DomainResolved resolved)
    {
        var addresses = resolved.Addresses ?? [];
        var more = Math.Max(0, addresses.Count - MaxAddresses) + (long)resolved.OmittedAddresses;
        return $"{resolved.Domain}: {string.Join(", ", addresses.Take(MaxAddresses))}{(more > 0 ? $" and {more} more" : "")}";
    }

    private static string In(string? cluster) => cluster is null ? "" : $" in cluster {cluster}";
}
