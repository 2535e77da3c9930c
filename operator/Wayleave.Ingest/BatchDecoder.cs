using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;
using Wayleave.Ingest.V1;

namespace Wayleave.Ingest;

/// <summary>
/// Reads a batch from the body of a request. Neither the size of what is unpacked nor the number of objects can exceed
/// <see cref="BatchLimits"/>, whatever the body says. It does not judge the content.
/// </summary>
public static class BatchDecoder
{
    private const int ChunkBytes = 16 << 10;

    // The header of gzip and its end.
    private const int MinGzipBytes = 10 + 8;

    // The messages are nested twice, and groups of unknown fields are not needed.
    private const int MaxNesting = 4;

    private static readonly MessageParser<Batch> _parser = Batch.Parser.WithDiscardUnknownFields(discardUnknownFields: true);

    /// <summary>Reads to the end of the body. An exception of the body itself is thrown on.</summary>
    public static async Task<DecodedBatch> DecodeAsync(Stream body, bool isCompressed, CancellationToken cancellationToken)
    {
        using var received = await CopyAsync(body, BatchLimits.BodyBytes, cancellationToken);
        if (received is null)
        {
            return DecodedBatch.TooLarge($"body: larger than {BatchLimits.BodyBytes} bytes; send less in a batch");
        }

        if (!isCompressed)
        {
            return Parse(received);
        }

        try
        {
            await using var unpacked = new GZipStream(received, CompressionMode.Decompress);
            using var content = await CopyAsync(unpacked, BatchLimits.BatchBytes, cancellationToken);
            return content is null
                ? DecodedBatch.TooLarge($"body: larger than {BatchLimits.BatchBytes} bytes without compression; send less in a batch")
                : IsComplete(received, content.Length) ? Parse(content) : DecodedBatch.Malformed("body: ends before its content");
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            return DecodedBatch.Malformed("body: cannot be unpacked with gzip; check its Content-Encoding");
        }
    }

    private static async Task<MemoryStream?> CopyAsync(Stream source, int limit, CancellationToken cancellationToken)
    {
        var copy = new MemoryStream();
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (await source.ReadAsync(chunk, cancellationToken) is var read and > 0)
            {
                if (copy.Length + read > limit)
                {
                    return null;
                }

                copy.Write(chunk, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        copy.Position = 0;
        return copy;
    }

    // The stream of .NET takes an end in the middle for the end. The last four bytes of gzip are the length of the content.
    private static bool IsComplete(MemoryStream received, long length) =>
        received.Length >= MinGzipBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(received.GetBuffer().AsSpan((int)received.Length - sizeof(uint))) == length;

    private static DecodedBatch Parse(MemoryStream content)
    {
        try
        {
            if (FindExcess(content) is { } excess)
            {
                return DecodedBatch.TooLarge(excess);
            }

            content.Position = 0;
            using var input = Open(content);
            return new DecodedBatch(_parser.ParseFrom(input), DecodingFailure.None, Problem: null);
        }
        catch (InvalidProtocolBufferException)
        {
            return DecodedBatch.Malformed("body: is not a message wayleave.ingest.v1.Batch");
        }
    }

    // An entry can have two bytes, and becomes an object of a hundred: counted before any is created.
    private static string? FindExcess(MemoryStream content)
    {
        var (endpoints, flows, answers) = (0, 0, 0);
        using var input = Open(content);
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case Batch.EndpointsFieldNumber:
                    endpoints++;
                    break;
                case Batch.FlowsFieldNumber:
                    flows++;
                    break;
                case Batch.AnswersFieldNumber:
                    answers++;
                    break;
            }

            input.SkipLastField();
        }

        return BatchLimits.FindExcess(endpoints, flows, answers);
    }

    private static CodedInputStream Open(MemoryStream content) =>
        CodedInputStream.CreateWithLimits(
            new MemoryStream(content.GetBuffer(), 0, (int)content.Length), BatchLimits.BatchBytes, MaxNesting);
}

/// <summary>A batch that was read, or why it was not.</summary>
/// <param name="Content">Null after a failure.</param>
/// <param name="Problem">The message for the sender after a failure.</param>
public sealed record DecodedBatch(Batch? Content, DecodingFailure Failure, string? Problem)
{
    internal static DecodedBatch TooLarge(string problem) => new(Content: null, DecodingFailure.TooLarge, problem);

    internal static DecodedBatch Malformed(string problem) => new(Content: null, DecodingFailure.Malformed, problem);
}

public enum DecodingFailure
{
    None,

    /// <summary>The body, the batch, or one of its lists is larger than allowed.</summary>
    TooLarge,

    /// <summary>The body cannot be unpacked or is not a batch.</summary>
    Malformed,
}
