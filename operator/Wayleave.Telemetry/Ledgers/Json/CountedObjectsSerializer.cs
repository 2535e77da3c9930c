using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Telemetry.Ledgers.Json;

/// <summary>
/// Serializes counted objects: the position on a line of its own, then the objects, each as 11 characters for its id; then, unless it was
/// applied once, a colon and how much was ever applied of it; then, if that is something else, a slash and how much is applied now.
/// </summary>
internal static class CountedObjectsSerializer
{
    private const int IdLength = 11;

    public static string Write(CountedObjects objects)
    {
        var text = new StringBuilder(16 + (objects.Counted.Count * 16));
        text.Append(CultureInfo.InvariantCulture, $"{objects.Position}\n");
        foreach (var (id, usage) in objects.Counted.OrderBy(entry => entry.Key.Value))
        {
            Write(text, id);
            Write(text, usage);
            text.Append(' ');
        }

        // Remove the trailing separator.
        return text.ToString(0, text.Length - 1);
    }

    /// <exception cref="FormatException">The text is not that of counted objects of that kind.</exception>
    public static CountedObjects Read(CountedKind kind, string text)
    {
        var lines = text.Split('\n', 2);
        var position = long.Parse(lines[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var counted = ImmutableDictionary.CreateBuilder<ObjectId, ObjectUsage>();
        foreach (var entry in lines.Length > 1 ? lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries) : [])
        {
            counted[ReadId(entry)] = ReadUsage(kind, entry[IdLength..]);
        }

        return counted.Count <= LedgerUpdater.MaximumObjects
            ? new CountedObjects(counted.ToImmutable(), position)
            : throw new FormatException("More objects than there can be.");
    }

    private static void Write(StringBuilder text, ObjectId id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, id.Value);
        Span<char> letters = stackalloc char[IdLength];
        Base64Url.EncodeToChars(bytes, letters);
        text.Append(letters);
    }

    private static void Write(StringBuilder text, ObjectUsage usage)
    {
        if (usage.Equals(ObjectUsage.Once))
        {
            return;
        }

        text.Append(':').AppendJoin(',', usage.Applied);
        if (!usage.Applied.SequenceEqual(usage.Current))
        {
            text.Append('/').AppendJoin(',', usage.Current);
        }
    }

    private static ObjectId ReadId(string entry)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        return entry.Length >= IdLength
            && Base64Url.TryDecodeFromChars(entry.AsSpan(0, IdLength), bytes, out var written)
            && written == bytes.Length
            ? new ObjectId(BinaryPrimitives.ReadUInt64BigEndian(bytes))
            : throw new FormatException("Not an object.");
    }

    private static ObjectUsage ReadUsage(CountedKind kind, string text)
    {
        if (text.Length == 0)
        {
            return ObjectUsage.Once;
        }

        var parts = text[1..].Split('/', 2);
        var applied = ReadNumbers(kind, parts[0]);
        var usage = new ObjectUsage(applied, parts.Length == 1 ? applied : ReadNumbers(kind, parts[1]));
        return text[0] == ':' && !usage.IsNone ? usage : throw new FormatException("Not an object's usage.");
    }

    private static ImmutableArray<long> ReadNumbers(CountedKind kind, string text)
    {
        ImmutableArray<long> numbers = text.Length == 0
            ? []
            : [.. text.Split(',').Select(number => long.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture))];
        return numbers.Length <= kind.Applied.Length ? numbers : throw new FormatException("More numbers than there can be.");
    }
}
