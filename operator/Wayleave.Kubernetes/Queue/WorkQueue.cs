using System.Threading.Channels;

namespace Wayleave.Kubernetes.Queue;

/// <summary>
/// A queue of keys, as client-go's <c>workqueue</c>: a key is queued at most once, and a key that is added while it is being processed is
/// processed again afterwards, never concurrently. Thread-safe.
/// </summary>
public class WorkQueue<TKey>(string name, KubernetesMetrics metrics)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Channel<TKey> _ready = Channel.CreateUnbounded<TKey>();
    private readonly HashSet<TKey> _dirty = [];
    private readonly HashSet<TKey> _processing = [];

    /// <summary>The number of queued keys, without those being processed.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _dirty.Count;
            }
        }
    }

    /// <summary>Whether no key is queued or being processed.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _dirty.Count == 0 && _processing.Count == 0;
            }
        }
    }

    public virtual void Add(TKey key)
    {
        lock (_lock)
        {
            if (!_dirty.Add(key))
            {
                return;
            }

            metrics.RecordAdd(name);
            if (!_processing.Contains(key))
            {
                _ready.Writer.TryWrite(key);
            }
        }
    }

    /// <summary>Waits for the next key. Call <see cref="Done"/> after processing it, also after a failure.</summary>
    public async ValueTask<TKey> GetAsync(CancellationToken cancellationToken)
    {
        var key = await _ready.Reader.ReadAsync(cancellationToken);
        lock (_lock)
        {
            _dirty.Remove(key);
            _processing.Add(key);
        }

        return key;
    }

    public void Done(TKey key)
    {
        lock (_lock)
        {
            _processing.Remove(key);
            if (_dirty.Contains(key))
            {
                _ready.Writer.TryWrite(key);
            }
        }
    }
}
