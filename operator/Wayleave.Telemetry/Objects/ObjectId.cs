using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Wayleave.Telemetry.Objects;

/// <summary>
/// An object's UID, cut down to the first 64 bits of its SHA-256: enough to tell the objects of one cluster apart (among 100,000 the
/// chance that two are taken for one is below one in a thousand million), and no more can be kept by mistake.
/// </summary>
public readonly record struct ObjectId(ulong Value)
{
    private const int LongestOnStack = 256;

    /// <summary>Allocates nothing for a UID of the usual length.</summary>
    public static ObjectId Of(string uid)
    {
        ArgumentNullException.ThrowIfNull(uid);
        var size = Encoding.UTF8.GetMaxByteCount(uid.Length);
        Span<byte> text = size <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[size];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(uid, text)], hash);
        return new ObjectId(BinaryPrimitives.ReadUInt64BigEndian(hash));
    }
}
