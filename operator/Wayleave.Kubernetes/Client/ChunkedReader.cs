using System.Buffers;

namespace Wayleave.Kubernetes.Client;

/// <summary>Parses a body part by part as it arrives, so that it is never in memory as a whole.</summary>
internal static class ChunkedReader
{
    private const int BufferSize = 128 * 1024;

    /// <param name="chunk">What has arrived and was not consumed before.</param>
    /// <param name="isLast">Whether nothing more arrives.</param>
    /// <returns>The number of bytes consumed. The rest is passed again, with more after it.</returns>
    public delegate int ChunkParser(ReadOnlySpan<byte> chunk, bool isLast);

    public static async Task ReadAsync(Stream body, ChunkParser parse, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var (filled, isLast) = (0, false); !isLast;)
            {
                // Read at least half of the buffer at a time, because an incomplete object is parsed again.
                var read = await body.ReadAtLeastAsync(
                    buffer.AsMemory(filled), (buffer.Length - filled + 1) / 2, throwOnEndOfStream: false, cancellationToken);
                isLast = read < (buffer.Length - filled + 1) / 2;
                filled += read;
                var taken = parse(buffer.AsSpan(0, filled), isLast);
                filled -= taken;
                buffer.AsSpan(taken, filled).CopyTo(buffer);
                buffer = filled > buffer.Length / 2 ? Grow(buffer, filled) : buffer;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int filled)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
