using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Wayleave.EventStore.Events;

namespace Wayleave.EventStore.Storage;

/// <summary>Reads one file on a connection of its own.</summary>
internal static class EventFileReader
{
    /// <summary>The events that match, newest first.</summary>
    /// <exception cref="SqliteException">The file is damaged, or not usable.</exception>
    public static IReadOnlyList<OperatorEvent> Read(string path, EventQuery query, CancellationToken cancellationToken)
    {
        // A file without a write-ahead log has no writer. SQLite then needs to create nothing beside it, and the folder may be read-only.
        var source = File.Exists(path + EventFile.WriteAheadLog) ? path : $"{new Uri(path).AbsoluteUri}?immutable=1";
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 2,
        }.ConnectionString);
        connection.Open();
        using var canceled = cancellationToken.Register(() => raw.sqlite3_interrupt(connection.Handle));
        using var command = CreateCommand(connection, query);
        try
        {
            using var reader = command.ExecuteReader();
            var events = new List<OperatorEvent>();
            while (reader.Read())
            {
                events.Add(ReadEvent(reader));
            }

            return events;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static OperatorEvent ReadEvent(SqliteDataReader reader) => new()
    {
        Id = reader.GetString(0),
        Type = reader.GetString(1),
        Time = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)),
        Run = reader.IsDBNull(3) ? null : reader.GetString(3),
        ParentRun = reader.IsDBNull(4) ? null : reader.GetString(4),
        Session = reader.GetString(5),
        Component = reader.GetString(6),
        Provenance = (EventProvenance)reader.GetInt32(7),
        Subjects = JsonSerializer.Deserialize(reader.GetString(8), SubjectsJson.Default.IReadOnlyListString) ?? [],
        Payload = JsonElement.Parse(reader.GetString(9)),
    };

    /// <summary>The text of the statement depends only on which filters are set. What they are set to are parameters.</summary>
    private static SqliteCommand CreateCommand(SqliteConnection connection, EventQuery query)
    {
        var command = connection.CreateCommand();
        var sql = new StringBuilder(
            "SELECT id, type, time, run, parent, session, component, provenance, subjects, payload FROM events WHERE 1");
        Add(" AND time >= $since", "$since", query.Since is { } since ? RoundUp(since) : null);
        Add(" AND time < $until", "$until", query.Until is { } until ? RoundUp(until) : null);
        Add(" AND session = $session", "$session", query.Session);
        Add(" AND component = $component", "$component", query.Component);
        Add(" AND (run = $run OR parent = $run)", "$run", query.Run);
        if (query.Types.Count > 0)
        {
            var names = query.Types.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"$type{i}")).ToList();
            sql.Append(CultureInfo.InvariantCulture, $" AND type IN ({string.Join(", ", names)})");
            names.Zip(query.Types).ToList().ForEach(type => command.Parameters.AddWithValue(type.First, type.Second));
        }

        if (query.Subject is { } subject)
        {
            // The character after the slash ends the range of what is below the subject.
            sql.Append(" AND EXISTS (SELECT 1 FROM json_each(subjects)");
            Add(" WHERE value = $subject OR (value >= $from AND value < $to))", "$subject", subject);
            command.Parameters.AddWithValue("$from", subject + "/");
            command.Parameters.AddWithValue("$to", subject + "0");
        }

        if (query.After is { } after)
        {
            Add(" AND time <= $time AND (time < $time OR id < $id)", "$time", after.Time.ToUnixTimeMilliseconds());
            command.Parameters.AddWithValue("$id", after.Id);
        }

        Add(" ORDER BY time DESC, id DESC LIMIT $limit", "$limit", query.Limit);
#pragma warning disable CA2100 // Only constants were appended.
        command.CommandText = sql.ToString();
#pragma warning restore CA2100
        return command;

        void Add(string condition, string name, object? value)
        {
            if (value is not null)
            {
                sql.Append(condition);
                command.Parameters.AddWithValue(name, value);
            }
        }
    }

    /// <summary>Times of events are whole milliseconds.</summary>
    private static long RoundUp(DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds() + (time.UtcTicks % TimeSpan.TicksPerMillisecond > 0 ? 1 : 0);
}

[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class SubjectsJson : JsonSerializerContext;
