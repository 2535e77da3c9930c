using System.Buffers;

namespace Wayleave.Sensor.Nodes;

/// <summary>Reads a file of /proc line by line with a fixed amount of memory.</summary>
internal ref struct LineReader : IDisposable
{
    /// <summary>The longest line. A longer one is cut off.</summary>
    public const int MaxLine = 4096;

    private const int BufferSize = 16 * 1024;

    private readonly FileStream? _file;
    private readonly byte[] _buffer;
    private long _left;
    private int _start;
    private int _end;

    private LineReader(FileStream? file, long maxBytes)
    {
        _file = file;
        _left = maxBytes;
        _buffer = file is null ? [] : ArrayPool<byte>.Shared.Rent(BufferSize);
    }

    /// <summary>
    /// Opens a file. One that does not exist or ends while it is read, as that of a process that ends, has no more lines.
    /// </summary>
    /// <param name="maxBytes">The most bytes that are read.</param>
    public static LineReader Open(string path, long maxBytes)
    {
        try
        {
            // FileShare.ReadWrite, because a lock of the file would be one more system call; no buffer, because there is one here.
            return new LineReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0), maxBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new LineReader(null, 0);
        }
    }

    /// <param name="line">The next line without its end. Valid until the next call.</param>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var available = _buffer.AsSpan(_start, _end - _start);
            var length = available.IndexOf((byte)'\n');
            if (length >= 0 || available.Length > MaxLine)
            {
                length = length >= 0 ? length : available.Length - 1;
                line = available[..Math.Min(length, MaxLine)];
                _start += length + 1;
                return true;
            }

            if (!Fill())
            {
                line = available;
                _start = _end;
                return line.Length > 0;
            }
        }
    }

    public readonly void Dispose()
    {
        if (_file is not null)
        {
            _file.Dispose();
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private bool Fill()
    {
        if (_file is null || _left <= 0)
        {
            return false;
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        try
        {
            var read = _file.Read(_buffer, _end, _buffer.Length - _end);
            _left -= read;
            _end += read;
            return read > 0;
        }
        catch (IOException)
        {
            // The process has ended.
            return false;
        }
    }
}
