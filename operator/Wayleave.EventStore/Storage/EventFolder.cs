using System.Globalization;
using Wayleave.EventStore.Events;

namespace Wayleave.EventStore.Storage;

/// <summary>A file of the store, with the files that SQLite keeps beside it.</summary>
/// <param name="Path">Of the database.</param>
/// <param name="Day">On which its events happened, in UTC.</param>
/// <param name="Segment">Counts the files of a class and day from 1.</param>
/// <param name="IsDamaged">Whether it was set aside.</param>
/// <param name="Bytes">Of all its files together.</param>
internal sealed record EventFile(string Path, EventClass Class, DateOnly Day, int Segment, bool IsDamaged, long Bytes)
{
    public const string WriteAheadLog = "-wal";
    public const string SharedMemory = "-shm";
    private const string Extension = ".db";
    private const string DamagedExtension = ".damaged";
    private const string DayFormat = "yyyyMMdd";

    public static EventFile Create(string directory, EventClass eventClass, DateOnly day, int segment)
    {
        var prefix = eventClass == EventClass.Audit ? "audit" : "diagnostic";
        var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{day.ToString(DayFormat, CultureInfo.InvariantCulture)}-{segment:000}{Extension}");
        return new EventFile(System.IO.Path.Combine(directory, name), eventClass, day, segment, IsDamaged: false, Bytes: 0);
    }

    /// <summary>Null if the name is not one of the store's.</summary>
    public static EventFile? Parse(string path)
    {
        var name = System.IO.Path.GetFileName(path);
        var isDamaged = name.EndsWith(DamagedExtension, StringComparison.Ordinal);
        var parts = (isDamaged ? name[..^DamagedExtension.Length] : name).Split('-');
        return parts is [var prefix, var dayText, var segmentText]
            && prefix is "audit" or "diagnostic"
            && DateOnly.TryParseExact(dayText, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && segmentText.EndsWith(Extension, StringComparison.Ordinal)
            && int.TryParse(segmentText.AsSpan(0, segmentText.Length - Extension.Length), NumberStyles.None, null, out var segment)
                ? new EventFile(path, prefix == "audit" ? EventClass.Audit : EventClass.Diagnostic, day, segment, isDamaged, Bytes: 0)
                : null;
    }

    public void Delete()
    {
        // The database last: what is left if the process ends here is deleted at the next sweep.
        File.Delete(Path + SharedMemory);
        File.Delete(Path + WriteAheadLog);
        File.Delete(Path);
    }

    /// <summary>Keeps the file for an inspection, under a name that the store does not read.</summary>
    public void SetAside()
    {
        File.Delete(Path + SharedMemory);
        if (File.Exists(Path + WriteAheadLog))
        {
            File.Move(Path + WriteAheadLog, Path + DamagedExtension + WriteAheadLog, overwrite: true);
        }

        File.Move(Path, Path + DamagedExtension, overwrite: true);
    }
}

/// <summary>The files of a store: which there are, and which are deleted.</summary>
internal sealed class EventFolder(EventStoreSettings settings)
{
    private const int SegmentsOfMaxBytes = 8;
    private const long MinSegmentBytes = 64 * 1024;

    /// <summary>A file with more than this is followed by the next segment, so that the cap can delete the oldest events.</summary>
    public long SegmentBytes { get; } = Math.Max(settings.MaxBytes / SegmentsOfMaxBytes, MinSegmentBytes);

    public void Create() => Directory.CreateDirectory(settings.Directory);

    /// <summary>Oldest first. Empty if there is no folder.</summary>
    public IReadOnlyList<EventFile> List()
    {
        var folder = new DirectoryInfo(settings.Directory);
        if (!folder.Exists)
        {
            return [];
        }

        var files = new Dictionary<string, EventFile>(StringComparer.Ordinal);
        foreach (var info in folder.EnumerateFiles())
        {
            var path = info.FullName;
            path = info.Extension.EndsWith(EventFile.WriteAheadLog, StringComparison.Ordinal)
                || info.Extension.EndsWith(EventFile.SharedMemory, StringComparison.Ordinal)
                    ? path[..^EventFile.SharedMemory.Length]
                    : path;
            if ((files.GetValueOrDefault(path) ?? EventFile.Parse(path)) is { } file)
            {
                files[path] = file with { Bytes = file.Bytes + (info.Exists ? info.Length : 0) };
            }
        }

        return [.. files.Values.OrderBy(file => file.Day).ThenBy(file => file.Segment).ThenBy(file => file.Class)];
    }

    /// <summary>Null if the class has no file of that day. A damaged file has a number, too.</summary>
    public EventFile? GetLast(EventClass eventClass, DateOnly day) =>
        List().LastOrDefault(file => file.Class == eventClass && file.Day == day);

    public EventFile CreateSegment(EventClass eventClass, DateOnly day, int segment) =>
        EventFile.Create(new DirectoryInfo(settings.Directory).FullName, eventClass, day, segment);

    /// <summary>Deletes what is older than its retention and then, while the files are too large together, the oldest.</summary>
    /// <param name="openPaths">Files that are being written, which stay.</param>
    /// <returns>How many files were deleted, and the bytes of those that are left.</returns>
    public (int Deleted, long Bytes) DeleteOld(DateTimeOffset now, IReadOnlyCollection<string> openPaths)
    {
        var files = List();
        var bytes = files.Sum(file => file.Bytes);
        var deleted = 0;
        var oldest = files.Where(file => !openPaths.Contains(file.Path))
            .OrderBy(file => IsExpired(file, now) ? 0 : 1)
            .ThenByDescending(file => file.Class == EventClass.Diagnostic)
            .ThenBy(file => file.Day)
            .ThenBy(file => file.Segment);
        foreach (var file in oldest.TakeWhile(file => IsExpired(file, now) || bytes > settings.MaxBytes))
        {
            file.Delete();
            deleted++;
            bytes -= file.Bytes;
        }

        return (deleted, bytes);
    }

    private bool IsExpired(EventFile file, DateTimeOffset now)
    {
        var end = new DateTimeOffset(file.Day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
        return now - end >= settings.RetentionOf(file.Class);
    }
}
