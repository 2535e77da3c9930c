using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Publishing;
using Wayleave.EventStore.Redaction;

namespace Wayleave.EventStore.Storage;

/// <summary>
/// Keeps events in SQLite files, one for each UTC day and class, and in memory while the disk is not usable. Redacts what it keeps.
/// Does not throw because of the disk. Thread-safe.
/// </summary>
public sealed class SqliteEventStore : IEventReader, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Redactor _redactor = new();
    private readonly MemoryEvents _memory = new();
    private readonly EventStoreSettings _settings;
    private readonly TimeProvider _time;
    private readonly EventStoreLog _log;
    private readonly EventFolder _folder;
    private readonly EventFileManager _files;
    private volatile bool _isInMemory;
    private long _closedBytes;
    private long _bytes;
    private long _stored;
    private long _lost;
    private long _deletedFiles;

    public SqliteEventStore(EventStoreSettings settings, TimeProvider time, ILogger<SqliteEventStore> logger)
    {
        SQLitePCL.Batteries_V2.Init();
        (_settings, _time, _log) = (settings, time, new EventStoreLog(logger));
        _folder = new EventFolder(settings);
        _files = new EventFileManager(_folder, _log);
    }

    /// <summary>Whether the disk was not usable when it was last tried, so that new events stay in memory.</summary>
    public bool IsInMemory => _isInMemory;

    /// <summary>Events on the disk since the start of the process.</summary>
    public long Stored => Volatile.Read(ref _stored);

    /// <summary>Events that could not be kept since the start of the process.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>The size in bytes of all files together, after the last write or sweep.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Files that were deleted since the start of the process because of their age or of the cap.</summary>
    public long DeletedFiles => Volatile.Read(ref _deletedFiles);

    /// <summary>Redacts and keeps events.</summary>
    public void Append(IReadOnlyList<PublishedEvent> events)
    {
        lock (_lock)
        {
            var redacted = events.Select(RedactOrNull).OfType<OperatorEvent>().ToList();
            Hold(_isInMemory ? redacted : Write(redacted));
        }
    }

    /// <summary>Deletes files that are too old or too many. Tries the disk again if it was not usable.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            _files.CloseAllBut(DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime));
            TryUseDisk(DeleteOld);
            if (_isInMemory)
            {
                WriteHeld();
            }
        }
    }

    public IReadOnlyList<OperatorEvent> Read(EventQuery query, CancellationToken cancellationToken)
    {
        query = query with { Limit = Math.Clamp(query.Limit, 1, EventQuery.MaxLimit) };

        // Memory before the files: an event that moves in between is found twice, and not missed.
        var found = _memory.All.Where(held => held.Matches(query)).ToList();
        found.AddRange(EventFileSearch.Find(_folder, query, cancellationToken));
        return
        [
            .. found.DistinctBy(item => item.Id)
                .OrderByDescending(item => item.Time)
                .ThenByDescending(item => item.Id, StringComparer.Ordinal)
                .Take(query.Limit),
        ];
    }

    /// <summary>Writes what is in memory if the disk is usable, and closes the files.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isInMemory)
            {
                WriteHeld();
            }

            _files.CloseAll();
            _redactor.Dispose();
        }
    }

    private OperatorEvent? RedactOrNull(PublishedEvent published)
    {
        try
        {
            return StoredEvents.Redact(published, _redactor);
        }
#pragma warning disable CA1031 // A payload must not cost the events beside it, whatever its members throw.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _log.NotSerialized(exception, published.Payload.GetType().Name);
            Interlocked.Increment(ref _lost);
            return null;
        }
    }

    /// <returns>The events that could not be written.</returns>
    private List<OperatorEvent> Write(IReadOnlyList<OperatorEvent> events)
    {
        var left = events.GroupBy(written => (written.Class, written.Day)).ToList();
        while (left is [var group, ..] && TryUseDisk(() => WriteGroup(group.Key.Class, group.Key.Day, [.. group])))
        {
            left.RemoveAt(0);
        }

        return [.. left.SelectMany(group => group)];
    }

    private void WriteGroup(EventClass eventClass, DateOnly day, List<OperatorEvent> events)
    {
        var openBefore = _files.OpenPaths;
        _files.Write(eventClass, day, events);
        Interlocked.Add(ref _stored, events.Count);
        Volatile.Write(ref _bytes, _closedBytes + _files.OpenBytes);
        if (Bytes > _settings.MaxBytes || !_files.OpenPaths.SequenceEqual(openBefore))
        {
            DeleteOld();
        }
    }

    private void WriteHeld()
    {
        var held = _memory.All;
        var left = Write(held);
        _memory.Remove([.. held.ExceptBy(left.Select(item => item.Id), item => item.Id)]);
        if (left.Count == 0)
        {
            _isInMemory = false;
            _log.Recovered(_settings.Directory, held.Count);
        }
    }

    private void DeleteOld()
    {
        var (deleted, bytes) = _folder.DeleteOld(_time.GetUtcNow(), _files.OpenPaths);
        Interlocked.Add(ref _deletedFiles, deleted);
        Volatile.Write(ref _bytes, bytes);
        _closedBytes = bytes - _files.OpenBytes;
    }

    private void Hold(IReadOnlyList<OperatorEvent> events) => Interlocked.Add(ref _lost, _memory.Add(events));

    /// <summary>False if the disk is not usable: from then on, events stay in memory.</summary>
    private bool TryUseDisk(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            _files.CloseAll();
            if (!_isInMemory)
            {
                _isInMemory = true;
                _log.Failed(_settings.Directory, exception.Message);
            }

            return false;
        }
    }
}

/// <summary>The log messages of the event store.</summary>
internal sealed partial class EventStoreLog(ILogger<SqliteEventStore> logger)
{
    [LoggerMessage(LogLevel.Warning, "Event store file {Path} is damaged; renamed it, and will write to a new file")]
    public partial void SetAside(string path);

    [LoggerMessage(LogLevel.Warning, "Cannot write events to {Directory}: {Reason}; keeping them in memory, and will retry")]
    public partial void Failed(string directory, string reason);

    [LoggerMessage(LogLevel.Information, "Writing events to {Directory} again; wrote {Count} events from memory")]
    public partial void Recovered(string directory, int count);

    [LoggerMessage(LogLevel.Error, "Cannot serialize an event of type {Type}; dropped it")]
    public partial void NotSerialized(Exception exception, string type);
}
