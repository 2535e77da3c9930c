using Microsoft.Data.Sqlite;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Publishing;
using Wayleave.EventStore.Storage;
using Wayleave.Testing.Time;

namespace Wayleave.EventStore.Tests.Support;

/// <summary>A folder of its own and a clock that stands still. The clock starts on 2026-01-01.</summary>
public abstract class StoreTest : IDisposable
{
    private readonly List<SqliteEventStore> _stores = [];

    protected string Folder { get; } = Directory.CreateTempSubdirectory("wayleave-events-").FullName;

    protected ManualTimeProvider Time { get; } = new();

    internal FakeLogger<SqliteEventStore> Log { get; } = new();

    protected IReadOnlyList<string> FileNames => [.. Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Without the files that SQLite keeps beside them.</summary>
    protected IReadOnlyList<string> DatabaseNames => [.. FileNames.Where(name => !name.EndsWith("-wal", StringComparison.Ordinal) && !name.EndsWith("-shm", StringComparison.Ordinal))];

    public virtual void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected SqliteEventStore Open(long maxBytes = EventStoreSettings.DefaultMaxBytes, string? folder = null)
    {
        var store = new SqliteEventStore(
            new EventStoreSettings(folder ?? Folder, EventStoreSettings.DefaultAuditRetention, EventStoreSettings.DefaultDiagnosticRetention, maxBytes),
            Time, Log);
        _stores.Add(store);
        return store;
    }

    /// <summary>An event at the time of the clock.</summary>
    protected PublishedEvent Event(EventPayload payload, params EventSubject[] subjects) => new()
    {
        Time = Time.GetUtcNow(),
        Payload = payload,
        Subjects = subjects,
        Provenance = EventProvenance.Direct,
        Session = "wayleave-0",
        Component = "operator",
    };

    protected PublishedEvent Audit() => Event(new LeadershipGained());

    protected PublishedEvent Diagnostic() => Event(new CachesSynced(1));

    protected static IReadOnlyList<OperatorEvent> ReadAll(SqliteEventStore store, EventQuery? query = null)
    {
        var all = new List<OperatorEvent>();
        query ??= new EventQuery { Limit = EventQuery.MaxLimit };
        while (store.Read(query, CancellationToken.None) is { Count: > 0 } page)
        {
            all.AddRange(page);
            query = query with { After = EventCursor.From(page[^1]) };
        }

        return all;
    }

    protected static IEnumerable<string> Ids(IEnumerable<OperatorEvent> events) => events.Select(item => item.Id);

    protected static IEnumerable<string> Ids(IEnumerable<PublishedEvent> events) => events.Select(item => item.Id);

    protected static string CheckIntegrity(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return (string)command.ExecuteScalar()!;
    }
}
