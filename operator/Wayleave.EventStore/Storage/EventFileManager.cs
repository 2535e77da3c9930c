using Microsoft.Data.Sqlite;
using SQLitePCL;
using Wayleave.EventStore.Events;

namespace Wayleave.EventStore.Storage;

/// <summary>The files that are being written: at most one of each class. Not thread-safe.</summary>
internal sealed class EventFileManager(EventFolder folder, EventStoreLog log)
{
    private const int MaxAttempts = 3;

    private readonly Dictionary<EventClass, EventFileWriter> _open = [];

    public IReadOnlyCollection<string> OpenPaths => [.. _open.Values.Select(writer => writer.File.Path)];

    public long OpenBytes => _open.Values.Sum(writer => writer.Bytes);

    /// <summary>Writes events of one class and day, all or none.</summary>
    /// <exception cref="SqliteException">The disk is not usable.</exception>
    /// <exception cref="IOException">The disk is not usable.</exception>
    public void Write(EventClass eventClass, DateOnly day, IEnumerable<OperatorEvent> events)
    {
        for (var attempt = 1; ; attempt++)
        {
            var writer = IsUsable(_open.GetValueOrDefault(eventClass), day) ? _open[eventClass] : Open(eventClass, day);
            try
            {
                writer.Write(events);
                return;
            }
            catch (SqliteException exception) when (IsDamage(exception) && attempt < MaxAttempts)
            {
                Close(eventClass);
                SetAside(writer.File);
            }
        }
    }

    public void CloseAll() => CloseAllBut(null);

    /// <summary>Closes the files of other days. They are opened again if more events of those days come.</summary>
    public void CloseAllBut(DateOnly? day)
    {
        foreach (var eventClass in _open.Where(open => open.Value.File.Day != day).Select(open => open.Key).ToList())
        {
            Close(eventClass);
        }
    }

    private bool IsUsable(EventFileWriter? writer, DateOnly day) =>
        writer is not null && writer.File.Day == day && File.Exists(writer.File.Path) && writer.Bytes <= folder.SegmentBytes;

    private EventFileWriter Open(EventClass eventClass, DateOnly day)
    {
        Close(eventClass);
        folder.Create();
        var last = folder.GetLast(eventClass, day);
        var segment = last?.Segment ?? 1;
        segment += last is { IsDamaged: true } || last?.Bytes > folder.SegmentBytes ? 1 : 0;
        for (var end = segment + MaxAttempts; ; segment++)
        {
            var file = folder.CreateSegment(eventClass, day, segment);
            try
            {
                if (EventFileWriter.Open(file, folder.SegmentBytes / 8) is { } writer)
                {
                    return _open[eventClass] = writer;
                }
            }
            catch (SqliteException exception) when (IsDamage(exception) && segment < end)
            {
                SetAside(file);
            }
        }
    }

    private void Close(EventClass eventClass)
    {
        if (!_open.Remove(eventClass, out var writer))
        {
            return;
        }

        try
        {
            writer.Checkpoint();
        }
        catch (SqliteException)
        {
            // The write-ahead log stays beside the file. SQLite reads it when the file is opened.
        }

        writer.Dispose();
    }

    private void SetAside(EventFile file)
    {
        file.SetAside();
        log.SetAside(file.Path);
    }

    private static bool IsDamage(SqliteException exception) => exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;
}
