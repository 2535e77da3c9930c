using System.Net.Http.Headers;
using System.Text.Unicode;

namespace Wayleave.Telemetry.Export;

/// <summary>
/// Reads an <c>ExportLogsServiceResponse</c> (opentelemetry-proto, collector/logs/v1), so that the response of a proxy or another server is
/// not taken for an acknowledgement. Field 1 is a partial success: its field 1 is the number of rejected records, its field 2 a text that
/// is ignored. The usual response is the empty message. Unknown fields are skipped.
/// </summary>
internal static class LogsResponse
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    /// <summary>Whether a body of this type can be a response. Some collectors send an empty body, and then often without a type.</summary>
    public static bool IsExpectedType(HttpContentHeaders headers)
    {
        if (!headers.TryGetValues("Content-Type", out var values) || values.All(string.IsNullOrWhiteSpace))
        {
            return true;
        }

        var type = headers.ContentType?.MediaType;
        return string.Equals(type, "application/x-protobuf", StringComparison.OrdinalIgnoreCase)
            || string.Equals(type, "application/protobuf", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>False if the body is no such message.</summary>
    /// <param name="rejected">How many records the collector rejected; never negative.</param>
    public static bool TryRead(ReadOnlySpan<byte> body, out long rejected)
    {
        rejected = 0;
        while (!body.IsEmpty)
        {
            if (!TryReadField(ref body, out var field, out var type, out _, out var message)
                || (field == 1 && (type != LengthDelimited || !TryReadPartialSuccess(message, ref rejected))))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadPartialSuccess(ReadOnlySpan<byte> message, ref long rejected)
    {
        while (!message.IsEmpty)
        {
            if (!TryReadField(ref message, out var field, out var type, out var number, out var text)
                || (field == 1 && type != Varint)
                || (field == 2 && (type != LengthDelimited || !Utf8.IsValid(text))))
            {
                return false;
            }

            rejected = field == 1 ? Math.Max(0, (long)number) : rejected;
        }

        return true;
    }

    // Groups, which begin and end with types of their own, are not in OTLP.
    private static bool TryReadField(
        ref ReadOnlySpan<byte> message, out ulong field, out int type, out ulong number, out ReadOnlySpan<byte> payload)
    {
        number = 0;
        payload = [];
        var isWhole = TryReadVarint(ref message, out var tag);
        (field, type) = (tag >> 3, (int)(tag & 7));
        return isWhole && field > 0 && type switch
        {
            Varint => TryReadVarint(ref message, out number),
            Fixed64 => TrySkip(ref message, sizeof(ulong), out payload),
            LengthDelimited => TryReadVarint(ref message, out var length) && TrySkip(ref message, length, out payload),
            Fixed32 => TrySkip(ref message, sizeof(uint), out payload),
            _ => false,
        };
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> message, ulong length, out ReadOnlySpan<byte> payload)
    {
        if (length > (ulong)message.Length)
        {
            payload = [];
            return false;
        }

        payload = message[..(int)length];
        message = message[(int)length..];
        return true;
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
