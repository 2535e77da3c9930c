using Microsoft.Data.Sqlite;

namespace Wayleave.EventStore.Tests.Support;

/// <summary>
/// Lets a store read the files of January 2026 and not write to them: those that exist are locked, and where the others would be are folders.
/// Works for root as well, who may write to everything.
/// </summary>
internal sealed class FolderBlocker : IDisposable
{
    private readonly List<SqliteConnection> _locks = [];
    private readonly List<string> _folders = [];

    public FolderBlocker(string folder)
    {
        foreach (var name in Enumerable.Range(1, 31).SelectMany(day => (string[])[$"audit-202601{day:00}-001.db", $"diagnostic-202601{day:00}-001.db"]))
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                Lock(path);
            }
            else
            {
                _folders.Add(Directory.CreateDirectory(path).FullName);
            }
        }
    }

    public void Dispose()
    {
        _locks.ForEach(connection => connection.Dispose());
        _folders.ForEach(Directory.Delete);
    }

    private void Lock(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        _locks.Add(connection);
    }
}
