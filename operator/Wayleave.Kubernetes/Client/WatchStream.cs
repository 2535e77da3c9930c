using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Wayleave.Kubernetes.Client;

/// <summary>Cuts the body of a watch into lines.</summary>
internal static class WatchStream
{
    /// <summary>Ends with the stream. Drops an incomplete last line: the next watch delivers the event again.</summary>
    /// <exception cref="SilentWatchException">The <paramref name="deadline"/> passed.</exception>
    public static async IAsyncEnumerable<WatchEvent<TEntity>> ReadAsync<TEntity>(
        Stream body,
        JsonTypeInfo<TEntity> json,
        Func<string, bool>? isKnown,
        long largestLine,
        WatchDeadline? deadline,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TEntity : class
    {
        var pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
        try
        {
            while (true)
            {
                var result = deadline is null ? await pipe.ReadAsync(cancellationToken) : await deadline.ReadAsync(pipe);
                var rest = result.Buffer;
                while (TakeLine(ref rest, out var line))
                {
                    yield return WatchEventJson.Read(line, json, isKnown);
                }

                if (result.IsCompleted)
                {
                    yield break;
                }

                if (rest.Length > largestLine)
                {
                    throw new LimitExceededException($"an event of a watch has more than {largestLine} bytes");
                }

                pipe.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private static bool TakeLine(ref ReadOnlySequence<byte> rest, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }

        line = rest.Slice(0, end);
        rest = rest.Slice(rest.GetPosition(1, end));
        return true;
    }
}
