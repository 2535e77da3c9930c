using System.Threading.Channels;

namespace Wayleave.Kubernetes.Queue;

/// <summary>
/// Keys to work on. A key waits at most once; one that is added while it is worked on runs again afterwards, never at the same time.
/// Safe for any number of threads.
/// </summary>
public sealed class WorkQueue<TKey>(string name, KubernetesMetrics metrics)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Channel<TKey> _ready = Channel.CreateUnbounded<TKey>();
    private readonly HashSet<TKey> _dirty = [];
    private readonly HashSet<TKey> _processing = [];

    /// <summary>Keys that wait, not counting those being worked on.</summary>
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

    /// <summary>Whether nothing waits and nothing is worked on.</summary>
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

    public void Add(TKey key)
    {
        lock (_lock)
        {
            if (!_dirty.Add(key))
            {
                return;
            }

            metrics.Queued(name);
            if (!_processing.Contains(key))
            {
                _ready.Writer.TryWrite(key);
            }
        }
    }

    /// <summary>The next key. Call <see cref="Done"/> when the work on it is over, however it went.</summary>
    public async ValueTask<TKey> TakeAsync(CancellationToken cancellationToken)
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
