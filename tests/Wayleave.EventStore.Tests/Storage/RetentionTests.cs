using Wayleave.EventStore.Events;
using Wayleave.EventStore.Tests.Support;

namespace Wayleave.EventStore.Tests.Storage;

public sealed class RetentionTests : StoreTest
{
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    [Fact]
    public void Writes_one_file_for_each_day_and_class()
    {
        var store = Open();
        store.Append([Audit(), Diagnostic()]);
        Time.Advance(_day);
        store.Append([Audit()]);
        DatabaseNames.ShouldBe(["audit-20260101-001.db", "audit-20260102-001.db", "diagnostic-20260101-001.db"]);
    }

    [Fact]
    public void Deletes_a_file_when_its_whole_day_is_older_than_the_retention_of_its_class()
    {
        var store = Open();
        store.Append([Audit(), Diagnostic()]);
        store.Dispose();

        Time.Advance((8 * _day) - TimeSpan.FromMilliseconds(1));
        store.Sweep();
        DatabaseNames.Count.ShouldBe(2);

        Time.Advance(TimeSpan.FromMilliseconds(1));
        store.Sweep();
        DatabaseNames.ShouldBe(["audit-20260101-001.db"]);

        Time.Advance((23 * _day) - TimeSpan.FromMilliseconds(1));
        store.Sweep();
        DatabaseNames.ShouldBe(["audit-20260101-001.db"]);

        Time.Advance(TimeSpan.FromMilliseconds(1));
        store.Sweep();
        FileNames.ShouldBeEmpty();
        store.DeletedFiles.ShouldBe(2);
    }

    [Fact]
    public void Leaves_alone_what_is_not_its_own()
    {
        File.WriteAllText(Path.Combine(Folder, "audit-19990101.db"), "");
        File.WriteAllText(Path.Combine(Folder, "notes-19990101-001.db"), "");
        Open().Sweep();
        FileNames.Count.ShouldBe(2);
    }

    [Fact]
    public void Keeps_the_files_within_the_cap_and_gives_up_the_oldest_diagnostic_events_first()
    {
        const long Cap = 4 * 1024 * 1024;
        var store = Open(Cap);
        store.Append([Audit()]);
        for (var i = 0; i < 600; i++)
        {
            store.Append([.. Enumerable.Range(0, 100).Select(_ => Diagnostic())]);
            store.Bytes.ShouldBeLessThanOrEqualTo(Cap);
            Size.ShouldBeLessThanOrEqualTo(Cap);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        store.DeletedFiles.ShouldBeGreaterThan(0);
        DatabaseNames.ShouldContain("audit-20260101-001.db");
        DatabaseNames.ShouldNotContain("diagnostic-20260101-001.db");
        ReadAll(store, new EventQuery { Types = ["leadership_gained"] }).Count.ShouldBe(1);
        var left = ReadAll(store, new EventQuery { Types = ["caches_synced"], Limit = EventQuery.MaxLimit });
        left.Count.ShouldBeInRange(2000, 59_000);
        left[0].Time.ShouldBe(Time.GetUtcNow() - TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Gives_up_the_oldest_audit_events_when_there_are_no_diagnostic_files()
    {
        const long Cap = 2 * 1024 * 1024;
        var store = Open(Cap);
        for (var i = 0; i < 200; i++)
        {
            store.Append([.. Enumerable.Range(0, 100).Select(_ => Audit())]);
            Size.ShouldBeLessThanOrEqualTo(Cap);
        }

        store.DeletedFiles.ShouldBeGreaterThan(0);
        DatabaseNames.ShouldNotContain("audit-20260101-001.db");
    }

    [Fact]
    public void Reports_the_bytes_of_all_files()
    {
        var store = Open();
        store.Append([Audit(), Diagnostic()]);
        store.Sweep();
        store.Bytes.ShouldBe(Size);
        store.Bytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Deletes_nothing_when_the_clock_goes_back_and_continues_to_write()
    {
        var store = Open();
        Time.Advance(10 * _day);
        store.Append([Audit(), Diagnostic()]);
        Time.SetWallClock(-9 * _day);
        store.Append([Audit(), Diagnostic()]);
        store.Sweep();
        ReadAll(store).Count.ShouldBe(4);
        Time.SetWallClock(9 * _day);
        store.Append([Audit(), Diagnostic()]);
        store.Sweep();
        DatabaseNames.ShouldBe(
            ["audit-20260102-001.db", "audit-20260111-001.db", "diagnostic-20260111-001.db"]);
        ReadAll(store).Count.ShouldBe(5);
    }

    [Fact]
    public void Keeps_a_file_of_the_future_until_it_is_old()
    {
        var store = Open();
        Time.SetWallClock(365 * _day);
        store.Append([Diagnostic()]);
        Time.SetWallClock(-365 * _day);
        store.Append([Diagnostic()]);
        store.Sweep();
        ReadAll(store).Count.ShouldBe(2);

        Time.Advance(372 * _day);
        store.Sweep();
        DatabaseNames.Count.ShouldBe(1);
        Time.Advance(_day);
        store.Sweep();
        FileNames.ShouldBeEmpty();
    }

    [Fact]
    public void Continues_the_last_file_after_a_restart()
    {
        var store = Open();
        store.Append([Audit()]);
        store.Dispose();
        FileNames.ShouldBe(["audit-20260101-001.db"]);
        store = Open();
        store.Append([Audit()]);
        DatabaseNames.ShouldBe(["audit-20260101-001.db"]);
        ReadAll(store).Count.ShouldBe(2);
    }

    [Fact]
    public void Leaves_nothing_beside_a_file_that_is_only_read()
    {
        var store = Open();
        store.Append([Audit()]);
        store.Dispose();
        ReadAll(store).Count.ShouldBe(1);
        FileNames.ShouldBe(["audit-20260101-001.db"]);
    }

    private long Size => new DirectoryInfo(Folder).EnumerateFiles().Sum(file => file.Length);
}
