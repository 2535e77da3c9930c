using System.Runtime.CompilerServices;

namespace Wayleave.Ingest;

/// <summary>The batches that are counted together.</summary>
/// <param name="Term">What holds the batches: another term knows nothing of those of this one.</param>
/// <param name="Node">The node of the sensor. An instance of one node says nothing about that of another.</param>
public readonly record struct BatchSeries(Guid Term, string Node, Guid Instance);

/// <summary>
/// Makes sure that each batch is handled once. It remembers the last sequence of each series, so a batch that is sent again, or after a
/// later one, changes nothing. Thread-safe.
/// </summary>
/// <param name="maxSeries">How many series are remembered. Beyond it, the one that was idle longest is forgotten.</param>
public sealed class SequenceTracker(int maxSeries = SequenceTracker.DefaultMaxSeries)
{
    /// <summary>More than the nodes of the largest clusters, so that a sensor that pretends to be many cannot push others out.</summary>
    public const int DefaultMaxSeries = 16_384;

    private readonly Lock _lock = new();
    private readonly RecentEntries<BatchSeries, StrongBox<ulong>> _series = new(maxSeries);

    /// <summary>Handles the batch unless it was handled before. A second copy that arrives meanwhile waits.</summary>
    /// <param name="sequence">The sequence of the batch, from 1.</param>
    /// <param name="tryHandle">Handles the batch. If it returns false or throws, the batch counts as not handled.</param>
    public SequenceResult HandleOnce(BatchSeries series, ulong sequence, Func<bool> tryHandle)
    {
        var last = Find(series);
        lock (last)
        {
            if (sequence <= last.Value)
            {
                return SequenceResult.Repeated;
            }

            var isFirst = last.Value == 0;
            if (!tryHandle())
            {
                return SequenceResult.NotHandled;
            }

            last.Value = sequence;
            return isFirst ? SequenceResult.First : SequenceResult.Next;
        }
    }

    private StrongBox<ulong> Find(BatchSeries series)
    {
        lock (_lock)
        {
            var last = _series.TryGet(series, out var known) ? known : new StrongBox<ulong>();
            _series.Set(series, last);
            return last;
        }
    }
}

public enum SequenceResult
{
    /// <summary>Handled. It is the first of a series that was not known.</summary>
    First,

    /// <summary>Handled.</summary>
    Next,

    /// <summary>Not handled: this sequence or a later one was handled before.</summary>
    Repeated,

    /// <summary>Not handled, and to be sent again.</summary>
    NotHandled,
}
