using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Wayleave.Kubernetes.Client;

/// <summary>Cuts the body of a watch into events.</summary>
internal static class WatchStream
{
    /// <summary>Ends with the stream. Drops an incomplete last event: the next watch delivers the event again.</summary>
    /// <exception cref="WatchTimeoutException">The <paramref name="deadline"/> passed.</exception>
    public static async IAsyncEnumerable<WatchEvent<TEntity>> ReadAsync<TEntity>(
        Stream body,
        ResponseFormat<TEntity> format,
        Func<string, bool>? isKnown,
        long maxEventBytes,
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
                while (format.TryTakeEvent(ref rest, out var change))
                {
                    yield return Read(format, change, isKnown);
                }

                if (result.IsCompleted)
                {
                    yield break;
                }

                if (rest.Length > maxEventBytes)
                {
                    throw new LimitExceededException($"an event of a watch has more than {maxEventBytes} bytes");
                }

                pipe.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    // An event in one piece is read in half the time.
    private static WatchEvent<TEntity> Read<TEntity>(
        ResponseFormat<TEntity> format, ReadOnlySequence<byte> change, Func<string, bool>? isKnown)
        where TEntity : class
    {
        if (change.IsSingleSegment)
        {
            return format.ReadEvent(change.FirstSpan, isKnown);
        }

        var whole = ArrayPool<byte>.Shared.Rent((int)change.Length);
        try
        {
            change.CopyTo(whole);
            return format.ReadEvent(whole.AsSpan(0, (int)change.Length), isKnown);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }
}

/// <summary>One line of a watch.</summary>
public readonly record struct WatchEvent<TEntity>(WatchEventType Type, TEntity Entity);

/// <summary>The type of a watch event (Kubernetes API concepts, "Efficient detection of changes").</summary>
public enum WatchEventType
{
    Added,
    Modified,
    Deleted,

    /// <summary>Only the resourceVersion that the watch has reached; the entity carries nothing else.</summary>
    Bookmark,
}
