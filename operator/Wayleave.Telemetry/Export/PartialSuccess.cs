namespace Wayleave.Telemetry.Export;

/// <summary>
/// Reads the number of rejected records of an <c>ExportLogsServiceResponse</c> (opentelemetry-proto, collector/logs/v1): field 1 is a
/// message whose field 1 is that number. Its field 2 is a text of the collector's, which is not looked at.
/// </summary>
internal static class PartialSuccess
{
    private const int Field1Varint = (1 << 3) | 0;
    private const int Field1Message = (1 << 3) | 2;

    /// <summary>0 if there is none, or the body is no such message: then it is an acknowledgement all the same.</summary>
    public static long ReadRejected(ReadOnlySpan<byte> body)
    {
        if (!TryReadVarint(ref body, out var tag) || tag != Field1Message
            || !TryReadVarint(ref body, out var length) || length > (ulong)body.Length)
        {
            return 0;
        }

        var message = body[..(int)length];
        return TryReadVarint(ref message, out tag) && tag == Field1Varint && TryReadVarint(ref message, out var rejected)
            ? Math.Max(0, (long)rejected)
            : 0;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var index = 0; index < bytes.Length && index < 10; index++)
        {
            value |= (ulong)(bytes[index] & 0x7F) << (7 * index);
            if (bytes[index] < 0x80)
            {
                bytes = bytes[(index + 1)..];
                return true;
            }
        }

        return false;
    }
}
