using Microsoft.Extensions.Logging;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Publishing;
using Wayleave.EventStore.Storage;
using Wayleave.EventStore.Tests.Support;

namespace Wayleave.EventStore.Tests.Storage;

public sealed class DiskFailureTests : StoreTest
{
    private string AuditPath => Path.Combine(Folder, "audit-20260101-001.db");

    [Theory]
    [InlineData(100)]
    [InlineData(50_000)]
    public void Sets_a_file_of_random_bytes_aside(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        ShouldBeSetAside(() => File.WriteAllBytes(AuditPath, bytes));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Sets_a_truncated_file_aside(double part)
    {
        WriteBefore(1000);
        ShouldBeSetAside(() =>
        {
            using var file = File.Open(AuditPath, FileMode.Open);
            file.SetLength((long)(file.Length * part));
        });
    }

    [Fact]
    public void Sets_a_file_aside_whose_pages_turn_out_to_be_damaged_while_it_is_written()
    {
        WriteBefore(1000);
        ShouldBeSetAside(() =>
        {
            using var file = File.Open(AuditPath, FileMode.Open);
            file.Position = 4096;
            file.Write(Enumerable.Repeat((byte)0xA5, (int)file.Length - 4096).ToArray());
        });
    }

    [Fact]
    public void Sets_a_file_aside_that_another_program_made()
    {
        File.WriteAllText(AuditPath, "SQLite format 3 this is not, and no text file should be overwritten either");
        ShouldBeSetAside(() => { });
    }

    [Fact]
    public void Uses_a_file_of_length_zero_which_holds_nothing()
    {
        File.WriteAllBytes(AuditPath, []);
        var store = Open();
        ReadAll(store).ShouldBeEmpty();
        store.Append([Audit()]);
        ReadAll(store).Count.ShouldBe(1);
        DatabaseNames.ShouldBe(["audit-20260101-001.db"]);
    }

    [Fact]
    public void Leaves_a_file_with_another_schema_alone_and_begins_the_next()
    {
        WriteBefore(1);
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={AuditPath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        Open().Append([Audit()]);
        DatabaseNames.ShouldBe(["audit-20260101-001.db", "audit-20260101-002.db"]);
    }

    [Fact]
    public void Answers_without_a_damaged_file_that_it_does_not_write()
    {
        var store = Open();
        store.Append([Audit()]);
        Time.Advance(TimeSpan.FromDays(1));
        store.Append([Audit()]);
        File.WriteAllBytes(AuditPath, new byte[5000]);
        ReadAll(store).Count.ShouldBe(1);
    }

    [Fact]
    public void Counts_a_damaged_file_among_those_that_retention_deletes()
    {
        File.WriteAllBytes(AuditPath, new byte[5000]);
        var store = Open();
        store.Append([Audit()]);
        store.Dispose();
        Time.Advance(TimeSpan.FromDays(31));
        store.Sweep();
        FileNames.ShouldBeEmpty();
    }

    [Fact]
    public void Keeps_events_in_memory_while_the_folder_cannot_be_made_and_writes_them_later()
    {
        var folder = Path.Combine(Folder, "file", "events");
        File.WriteAllText(Path.Combine(Folder, "file"), "");
        var store = Open(folder: folder);
        var events = new List<PublishedEvent> { Audit(), Diagnostic() };
        store.Append(events);
        store.Append([Audit()]);
        store.Sweep();
        store.IsInMemory.ShouldBeTrue();
        store.Stored.ShouldBe(0);
        ReadAll(store).Count.ShouldBe(3);
        Log.Count(LogLevel.Warning).ShouldBe(1);

        File.Delete(Path.Combine(Folder, "file"));
        store.Sweep();
        store.IsInMemory.ShouldBeFalse();
        store.Stored.ShouldBe(3);
        Log.Count(LogLevel.Information).ShouldBe(1);
        Ids(ReadAll(Open(folder: folder))).ShouldBe(Ids(ReadAll(store)));
    }

    [Fact]
    public void Makes_the_folder_again_when_someone_deletes_it()
    {
        var folder = Path.Combine(Folder, "events");
        var store = Open(folder: folder);
        store.Append([Audit()]);
        Directory.Delete(folder, recursive: true);
        store.Append([Audit()]);
        store.IsInMemory.ShouldBeFalse();
        ReadAll(store).Count.ShouldBe(1);
    }

    [Fact]
    public void Keeps_the_newest_events_in_memory()
    {
        using var blocker = new FolderBlocker(Folder);
        var store = Open();
        var events = Enumerable.Range(0, 10_500).Select(_ => Audit()).ToList();
        events.Chunk(500).ToList().ForEach(batch => store.Append(batch));
        Ids(ReadAll(store)).Order(StringComparer.Ordinal).ShouldBe(Ids(events.Skip(500)).Order(StringComparer.Ordinal));
        store.Lost.ShouldBe(500);
    }

    [Fact]
    public void Does_not_lose_the_events_beside_one_that_cannot_be_serialized()
    {
        var store = Open();
        store.Append([Audit(), Event(new CachesSynced(double.NaN)), Diagnostic()]);
        ReadAll(store).Count.ShouldBe(2);
        store.Lost.ShouldBe(1);
    }

    [SkippableFact]
    public void Keeps_events_in_memory_while_the_disk_is_full_and_writes_all_of_them_when_there_is_room()
    {
        using var disk = SmallDisk.MountOrSkip(Folder, "2m");
        var store = Open(folder: disk.Path);
        var ballast = Path.Combine(disk.Path, "ballast");
        File.WriteAllBytes(ballast, new byte[1024 * 1024]);
        var events = new List<PublishedEvent>();
        while (!store.IsInMemory)
        {
            Append(store, events);
        }

        Append(store, events);
        store.Sweep();
        store.IsInMemory.ShouldBeTrue();
        Ids(ReadAll(store)).ShouldBe(Ids(events).Reverse());
        Log.Count(LogLevel.Warning).ShouldBe(1);

        File.Delete(ballast);
        store.Sweep();
        store.IsInMemory.ShouldBeFalse();
        store.Stored.ShouldBe(events.Count);
        store.Dispose();
        Ids(ReadAll(Open(folder: disk.Path))).ShouldBe(Ids(events).Reverse());
        CheckIntegrity(Path.Combine(disk.Path, "audit-20260101-001.db")).ShouldBe("ok");
    }

    [SkippableFact]
    public void Answers_and_keeps_events_in_memory_while_the_folder_is_read_only()
    {
        using var disk = SmallDisk.MountOrSkip(Folder, "8m");
        var before = Open(folder: disk.Path);
        before.Append([Audit(), Diagnostic()]);
        before.Dispose();
        disk.Remount("ro");

        var store = Open(folder: disk.Path);
        store.Append([Audit()]);
        store.IsInMemory.ShouldBeTrue();
        ReadAll(store).Count.ShouldBe(3);

        disk.Remount("rw");
        store.Sweep();
        store.IsInMemory.ShouldBeFalse();
        ReadAll(store).Count.ShouldBe(3);
    }

    private void Append(SqliteEventStore store, List<PublishedEvent> events)
    {
        var batch = new List<PublishedEvent>();
        for (var i = 0; i < 20; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(1));
            batch.Add(Audit());
        }

        store.Append(batch);
        events.AddRange(batch);
    }

    private void WriteBefore(int count)
    {
        var store = Open();
        store.Append([.. Enumerable.Range(0, count).Select(_ => Audit())]);
        store.Dispose();
    }

    private void ShouldBeSetAside(Action damage)
    {
        damage();
        var store = Open();
        store.Read(new EventQuery(), CancellationToken.None);
        var added = Enumerable.Range(0, 100).Select(_ => Audit()).ToList();
        store.Append(added);
        store.Append([Audit()]);
        store.IsInMemory.ShouldBeFalse();
        DatabaseNames.ShouldBe(["audit-20260101-001.db.damaged", "audit-20260101-002.db"]);
        ReadAll(store).Count.ShouldBe(101);
        Log.Count(LogLevel.Warning).ShouldBe(1);
    }
}
