namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>Returns at most one piece per read, then ends, breaks or hangs.</summary>
internal sealed class FakeStream(IReadOnlyList<byte[]> pieces, Exception? failure = null, bool hang = false) : Stream
{
    private int _next;
    private int _offset;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        if (_next == pieces.Count)
        {
            await (hang ? Task.Delay(Timeout.Infinite, cancellationToken) : Task.CompletedTask);
            return failure is null ? 0 : throw failure;
        }

        var piece = pieces[_next].AsMemory(_offset);
        var count = Math.Min(piece.Length, buffer.Length);
        piece[..count].CopyTo(buffer);
        (_next, _offset) = count == piece.Length ? (_next + 1, 0) : (_next, _offset + count);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();
}
