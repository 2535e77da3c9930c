using System.IO.Compression;
using Google.Protobuf;
using Wayleave.Ingest.V1;

namespace Wayleave.Ingest.Tests;

public sealed class BatchDecoderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reads_what_a_sensor_sends(bool isCompressed)
    {
        var batch = Batches.Create();
        var decoded = await ReadAsync(isCompressed ? Compress(batch.ToByteArray()) : batch.ToByteArray(), isCompressed);
        (decoded.Failure, decoded.Content).ShouldBe((DecodingFailure.None, batch));
    }

    [Fact]
    public async Task Stops_unpacking_a_compression_bomb()
    {
        var bomb = Compress(new byte[100 << 20], CompressionLevel.SmallestSize);
        bomb.Length.ShouldBeLessThan(BatchLimits.BodyBytes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var decoded = BatchDecoder.DecodeAsync(new MemoryStream(bomb), isCompressed: true, default);
        decoded.IsCompleted.ShouldBeTrue();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64 << 20);
        (await decoded).Failure.ShouldBe(DecodingFailure.TooLarge);
    }

    [Fact]
    public async Task Creates_no_object_for_entries_beyond_the_limit()
    {
        var empty = new byte[] { (Batch.FlowsFieldNumber << 3) | 2, 0 };
        var bomb = Compress([.. Enumerable.Repeat(empty, 2_000_000).SelectMany(bytes => bytes)]);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var decoded = BatchDecoder.DecodeAsync(new MemoryStream(bomb), isCompressed: true, default);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64 << 20);
        (await decoded).Problem.ShouldBe($"flows: 2000000 entries; send at most {BatchLimits.Flows} in a batch");
        (await decoded).Failure.ShouldBe(DecodingFailure.TooLarge);
    }

    [Fact]
    public async Task Does_not_read_a_body_to_its_end_that_is_too_large()
    {
        await using var body = new EndlessStream();
        (await BatchDecoder.DecodeAsync(body, isCompressed: false, default)).Failure.ShouldBe(DecodingFailure.TooLarge);
        body.Sent.ShouldBeLessThan(2L * BatchLimits.BodyBytes);
    }

    [Fact]
    public async Task Refuses_a_truncated_body_instead_of_accepting_a_part()
    {
        var compressed = Compress(Batches.Create().ToByteArray());
        foreach (var length in Enumerable.Range(1, compressed.Length - 1))
        {
            (await ReadAsync(compressed[..length], isCompressed: true)).Failure.ShouldBe(DecodingFailure.Malformed, $"{length} bytes");
        }
    }

    [Fact]
    public async Task Refuses_what_is_not_a_message()
    {
        (await ReadAsync("not a batch"u8.ToArray(), isCompressed: false)).Failure.ShouldBe(DecodingFailure.Malformed);
        (await ReadAsync("not a batch"u8.ToArray(), isCompressed: true)).Failure.ShouldBe(DecodingFailure.Malformed);
        (await ReadAsync(Batches.Create().ToByteArray(), isCompressed: true)).Failure.ShouldBe(DecodingFailure.Malformed);
    }

    [Fact]
    public async Task Refuses_groups_within_groups()
    {
        // The start of a group with number 100.
        var groups = Enumerable.Repeat(new byte[] { 0xA3, 0x06 }, 100_000).SelectMany(bytes => bytes);
        (await ReadAsync([.. groups], isCompressed: false)).Failure.ShouldBe(DecodingFailure.Malformed);
    }

    [Fact]
    public async Task Ignores_fields_of_later_formats()
    {
        var batch = Batches.Create();
        var later = new byte[] { 0xA2, 0x06, 3, 1, 2, 3 };
        (await ReadAsync([.. batch.ToByteArray(), .. later], isCompressed: false)).Content.ShouldBe(batch);
    }

    private static Task<DecodedBatch> ReadAsync(byte[] body, bool isCompressed) => BatchDecoder.DecodeAsync(new MemoryStream(body), isCompressed, default);

    internal static byte[] Compress(byte[] content, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private sealed class EndlessStream : Stream
    {
        public long Sent { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Sent += count;
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
