using System.Text.Json;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Wayleave.EventStore.Events;

namespace Wayleave.EventStore.Storage;

/// <summary>Writes to one file. Not thread-safe.</summary>
internal sealed class EventFileWriter : IDisposable
{
    /// <summary>The version of the schema. A file with another version is not written to.</summary>
    private const int SchemaVersion = 1;

    // One index: each costs as much as the row itself, and a query of a person may take a second.
    private const string Schema =
        """
        CREATE TABLE events(
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, time INTEGER NOT NULL, run TEXT, parent TEXT,
            session TEXT NOT NULL, component TEXT NOT NULL, provenance INTEGER NOT NULL, subjects TEXT NOT NULL,
            payload TEXT NOT NULL) STRICT;
        CREATE INDEX events_time ON events(time);
        PRAGMA user_version = 1;
        """;

    private readonly SqliteConnection _connection;
    private readonly long _checkpointBytes;
    private Task _checkpoint = Task.CompletedTask;
    private sqlite3_stmt? _insertEvent;

    private EventFileWriter(EventFile file, SqliteConnection connection, long checkpointBytes) =>
        (File, _connection, _checkpointBytes) = (file, connection, checkpointBytes);

    public EventFile File { get; }

    /// <summary>The size on the disk of the database and the files beside it.</summary>
    public long Bytes =>
        GetLength(File.Path) + GetLength(File.Path + EventFile.WriteAheadLog) + GetLength(File.Path + EventFile.SharedMemory);

    /// <summary>Opens a file and creates it if needed. Null if another version of the operator wrote it.</summary>
    /// <param name="checkpointBytes">The size of the write-ahead log at which it is moved into the file.</param>
    /// <exception cref="SqliteException">It is damaged, or the disk is not usable.</exception>
    public static EventFileWriter? Open(EventFile file, long checkpointBytes)
    {
        var connection = CreateConnection(file, SqliteOpenMode.ReadWriteCreate);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -512; PRAGMA page_size");
            Execute(connection, "PRAGMA wal_autocheckpoint = 0");
            var version = Execute(connection, "PRAGMA user_version");
            if (version == 0)
            {
                Execute(connection, $"BEGIN; {Schema} COMMIT;");
            }
            else if (version != SchemaVersion)
            {
                connection.Dispose();
                return null;
            }

            return new EventFileWriter(file, connection, checkpointBytes);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Writes all events or none.</summary>
    /// <exception cref="SqliteException">It is damaged, or the disk is not usable.</exception>
    public void Write(IEnumerable<OperatorEvent> events)
    {
        _insertEvent ??= Prepare("INSERT INTO events VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        Execute(_connection, "BEGIN IMMEDIATE");
        try
        {
            foreach (var written in events)
            {
                Insert(_insertEvent, written);
            }

            Execute(_connection, "COMMIT");
            StartCheckpoint();
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    /// <summary>Moves everything into the database file.</summary>
    /// <exception cref="SqliteException">It is damaged, or the disk is not usable.</exception>
    public void Checkpoint()
    {
        _checkpoint.GetAwaiter().GetResult();
        Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>Waits for a running checkpoint.</summary>
    public void Dispose()
    {
        _checkpoint.GetAwaiter().GetResult();
        _insertEvent?.Dispose();
        _connection.Dispose();
    }

    // A checkpoint waits for the disk. On a connection of its own it does not keep the next events from being written.
    private void StartCheckpoint()
    {
        if (_checkpoint.IsCompleted && GetLength(File.Path + EventFile.WriteAheadLog) >= _checkpointBytes)
        {
            _checkpoint = Task.Run(() =>
            {
                using var connection = CreateConnection(File, SqliteOpenMode.ReadWrite);
                try
                {
                    connection.Open();
                    Execute(connection, "PRAGMA wal_checkpoint(PASSIVE)");
                }
                catch (SqliteException)
                {
                    // The write-ahead log is complete without it, and the next write tries again. A damaged or full disk shows there too.
                }
            });
        }
    }

    private static SqliteConnection CreateConnection(EventFile file, SqliteOpenMode mode) => new(
        new SqliteConnectionStringBuilder
        {
            DataSource = file.Path,
            Mode = mode,
            Pooling = false,
            ForeignKeys = false,
            DefaultTimeout = 1,
        }.ConnectionString);

    private void Insert(sqlite3_stmt insertEvent, OperatorEvent written)
    {
        Bind(insertEvent, 1, written.Id);
        Bind(insertEvent, 2, written.Type);
        raw.sqlite3_bind_int64(insertEvent, 3, written.Time.ToUnixTimeMilliseconds());
        Bind(insertEvent, 4, written.Run);
        Bind(insertEvent, 5, written.ParentRun);
        Bind(insertEvent, 6, written.Session);
        Bind(insertEvent, 7, written.Component);
        raw.sqlite3_bind_int64(insertEvent, 8, (long)written.Provenance);
        Bind(insertEvent, 9, JsonSerializer.Serialize(written.Subjects, SubjectsJson.Default.IReadOnlyListString));
        raw.sqlite3_bind_text(insertEvent, 10, written.PayloadText);
        Step(insertEvent);
    }

    private static void Bind(sqlite3_stmt statement, int index, string? value)
    {
        if (value is null)
        {
            raw.sqlite3_bind_null(statement, index);
        }
        else
        {
            raw.sqlite3_bind_text(statement, index, value);
        }
    }

    private void Step(sqlite3_stmt statement)
    {
        var result = raw.sqlite3_step(statement);
        _ = raw.sqlite3_reset(statement);
        if (result != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(result, _connection.Handle);
        }
    }

    private sqlite3_stmt Prepare(string sql)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_connection.Handle, sql, out var statement), _connection.Handle);
        return statement;
    }

    private void Rollback()
    {
        try
        {
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                Execute(_connection, "ROLLBACK");
            }
        }
        catch (SqliteException)
        {
            // The first error is the one that counts; the caller closes the file.
        }
    }

    private static long Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() is long value ? value : 0;
    }

    private static long GetLength(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
