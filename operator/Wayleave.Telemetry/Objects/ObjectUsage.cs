using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Objects;

/// <summary>The counts of one object. Both lists are in the order of the kind's applied events.</summary>
/// <param name="Applied">How much was ever applied of it; never falls while telemetry is on.</param>
/// <param name="Current">How much is applied of it now.</param>
public sealed record ObjectUsage(ImmutableArray<long> Applied, ImmutableArray<long> Current)
{
    /// <summary>Has no trailing zeros, so that equal counts compare equal.</summary>
    public ImmutableArray<long> Applied { get; } = Trim(Applied);

    /// <summary>Has no trailing zeros.</summary>
    public ImmutableArray<long> Current { get; } = Trim(Current);

    /// <summary>Never applied.</summary>
    public static ObjectUsage None { get; } = new([], []);

    /// <summary>Applied, of a kind that is counted by the object.</summary>
    public static ObjectUsage Once { get; } = new([1], [1]);

    public bool IsNone => Applied.IsEmpty && Current.IsEmpty;

    public long GetApplied(int index) => index < Applied.Length ? Applied[index] : 0;

    public long GetCurrent(int index) => index < Current.Length ? Current[index] : 0;

    public bool Equals(ObjectUsage? other) =>
        other is not null && Applied.SequenceEqual(other.Applied) && Current.SequenceEqual(other.Current);

    public override int GetHashCode() => HashCode.Combine(GetApplied(0), GetCurrent(0));

    private static ImmutableArray<long> Trim(ImmutableArray<long> values) => values[..(values.AsSpan().LastIndexOfAnyExcept(0) + 1)];
}

/// <summary>
/// An object's UID, cut down to the first 64 bits of its SHA-256: enough to tell the objects of one cluster apart (among 100,000 the
/// chance that two are taken for one is below one in a thousand million), and no more can be kept by mistake.
/// </summary>
public readonly record struct ObjectId(ulong Value)
{
    private const int MaxStackBytes = 256;

    /// <summary>Allocates nothing for a UID of the usual length.</summary>
    public static ObjectId FromUid(string uid)
    {
        var size = Encoding.UTF8.GetMaxByteCount(uid.Length);
        Span<byte> text = size <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[size];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(uid, text)], hash);
        return new ObjectId(BinaryPrimitives.ReadUInt64BigEndian(hash));
    }
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct ObjectState(ObjectUsage Usage, long Position);

/// <param name="Live">All that are there, those never applied included.</param>
/// <param name="Deleted">Those deleted after <paramref name="Since"/>, in order.</param>
/// <param name="Since">The position from which <paramref name="Deleted"/> is complete.</param>
/// <param name="Position">The resource version up to which this is complete.</param>
internal sealed record ObjectSnapshot(
    IReadOnlyDictionary<ObjectId, ObjectState> Live, IReadOnlyList<DeletedObject> Deleted, long Since, long Position);

/// <summary>The counted state of a kind's objects. The difference to their actual state is still to be counted.</summary>
/// <param name="Counted">The state of each object when it was last counted. Objects that were never applied are not in it.</param>
/// <param name="Position">
/// Everything up to this resource version has been counted. Later events about it are ignored.
/// </param>
internal sealed record CountedObjects(ImmutableDictionary<ObjectId, ObjectUsage> Counted, long Position)
{
    public static CountedObjects Empty { get; } = new(ImmutableDictionary<ObjectId, ObjectUsage>.Empty, -1);
}

/// <param name="Position">The resource version of the deletion.</param>
public sealed record DeletedObject(ObjectId Id, ObjectUsage Usage, long Position);

/// <summary>The changes of a kind's objects since the last call.</summary>
/// <param name="Updated">Objects that exist, with their current state.</param>
/// <param name="Position">The resource version up to which this is complete.</param>
/// <param name="IsListed">Whether a relist happened. The position must then be saved, because earlier versions have expired.</param>
internal sealed record ObjectChanges(
    IReadOnlyList<KeyValuePair<ObjectId, ObjectState>> Updated, IReadOnlyList<DeletedObject> Deleted, long Position, bool IsListed);

/// <summary>Finds objects that were deleted while this process was not watching.</summary>
public interface IObjectHistoryReader
{
    /// <summary>The objects that were deleted after one position and not later than another.</summary>
    Task<ObjectHistory> ReadAsync(CountedKind kind, long after, long upTo, CancellationToken cancellationToken);
}

/// <summary>The deleted objects of a range of resource versions.</summary>
/// <param name="IsComplete">Whether the whole range is known. Otherwise only its end, or nothing.</param>
public sealed record ObjectHistory(IReadOnlyList<DeletedObject> Deleted, bool IsComplete)
{
    /// <summary>Nothing of the range is known any more.</summary>
    public static ObjectHistory Expired { get; } = new([], IsComplete: false);
}
