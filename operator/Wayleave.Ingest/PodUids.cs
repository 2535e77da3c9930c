using Google.Protobuf;

namespace Wayleave.Ingest;

/// <summary>UIDs of Pods as 16 bytes in the order of their text form.</summary>
public static class PodUids
{
    private const int Length = 16;

    /// <summary>Null for what is not a UID: no 16 bytes, or only zeros.</summary>
    public static Guid? Read(ByteString bytes) =>
        bytes.Length == Length && new Guid(bytes.Span, bigEndian: true) is var uid && uid != Guid.Empty ? uid : null;

    public static ByteString Write(Guid uid) => ByteString.CopyFrom(uid.ToByteArray(bigEndian: true));
}
