using Wayleave.EventStore.Events;

namespace Wayleave.EventStore.Storage;

/// <summary>Finds events in the files of a folder.</summary>
internal static class EventFileSearch
{
    /// <summary>At least the newest events that match, as many as the query asks for, in no order.</summary>
    public static List<OperatorEvent> Find(EventFolder folder, EventQuery query, CancellationToken cancellationToken)
    {
        var found = new List<OperatorEvent>();
        foreach (var day in List(folder).Where(file => CanMatch(file, query)).GroupBy(file => file.Day).OrderByDescending(day => day.Key))
        {
            foreach (var file in day)
            {
                cancellationToken.ThrowIfCancellationRequested();
                found.AddRange(Read(file, query, cancellationToken));
            }

            // Everything in the files of an earlier day is older.
            if (found.Count >= query.Limit)
            {
                break;
            }
        }

        return found;
    }

    private static IReadOnlyList<EventFile> List(EventFolder folder)
    {
        try
        {
            return folder.List();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool CanMatch(EventFile file, EventQuery query)
    {
        var types = query.Types.Select(EventCatalog.Find).ToList();
        return !file.IsDamaged
            && (query.Since is not { } since || file.Day >= DayOf(since))
            && (query.Until is not { } until || file.Day <= DayOf(until))
            && (query.After is not { } after || file.Day <= DayOf(after.Time))
            && (types.Count == 0 || types.Exists(type => type is null || type.Class == file.Class));
    }

    private static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    private static IReadOnlyList<OperatorEvent> Read(EventFile file, EventQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return EventFileReader.Read(file.Path, query, cancellationToken);
        }
#pragma warning disable CA1031 // What the content of a damaged file throws cannot be enumerated. It counts as empty.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return [];
        }
    }
}
