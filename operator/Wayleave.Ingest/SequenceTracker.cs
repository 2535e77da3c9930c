namespace Wayleave.Ingest;

/// <summary>
/// Makes sure that each batch is handled once. It remembers the last sequence of each instance, so a batch that is sent again, or after a
/// later one, changes nothing. Thread-safe.
/// </summary>
/// <param name="maxInstances">How many instances are remembered. Beyond it, the one that was idle longest is forgotten.</param>
public sealed class SequenceTracker(int maxInstances = SequenceTracker.DefaultMaxInstances)
{
    /// <summary>More than the nodes of the largest clusters, so that a sensor that pretends to be many cannot push others out.</summary>
    public const int DefaultMaxInstances = 16_384;

    private readonly Lock _lock = new();
    private readonly RecentEntries<(string Node, Guid Instance), LastSequence> _instances = new(maxInstances);

    /// <summary>
    /// Handles the batch unless it was handled before. If <paramref name="handle"/> throws, the batch counts as not handled. A second copy
    /// that arrives meanwhile waits.
    /// </summary>
    /// <param name="node">The node of the sensor. An instance of one node says nothing about that of another.</param>
    /// <param name="instance">The instance of the sensor.</param>
    /// <param name="sequence">The sequence of the batch, from 1.</param>
    /// <param name="handle">Handles the batch.</param>
    public SequenceResult HandleOnce(string node, Guid instance, ulong sequence, Action handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        var last = Find((node, instance));
        lock (last)
        {
            if (sequence <= last.Value)
            {
                return SequenceResult.Repeated;
            }

            var isFirst = last.Value == 0;
            handle();
            last.Value = sequence;
            return isFirst ? SequenceResult.First : SequenceResult.Next;
        }
    }

    private LastSequence Find((string Node, Guid Instance) key)
    {
        lock (_lock)
        {
            var last = _instances.TryGet(key, out var known) ? known : new LastSequence();
            _instances.Set(key, last);
            return last;
        }
    }

    private sealed class LastSequence
    {
        public ulong Value { get; set; }
    }
}

public enum SequenceResult
{
    /// <summary>Handled. It is the first of an instance that was not known.</summary>
    First,

    /// <summary>Handled.</summary>
    Next,

    /// <summary>Not handled: this sequence or a later one was handled before.</summary>
    Repeated,
}
