using System.Diagnostics;
using System.Threading.Channels;

namespace Wayleave.Kubernetes.Queue;

/// <summary>
/// A queue of keys, as client-go's <c>workqueue</c>: a key is queued at most once, and a key that is added while it is being processed is
/// processed again afterwards, never concurrently. Thread-safe.
/// </summary>
public class WorkQueue<TKey>(string name, KubernetesMetrics metrics, TimeProvider time)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Channel<TKey> _ready = Channel.CreateUnbounded<TKey>();

    private readonly Dictionary<TKey, Added> _dirty = [];
    private readonly Dictionary<TKey, Taken> _processing = [];

    /// <summary>Whether <see cref="GetWait"/> returns times. Set it before keys are added.</summary>
    public bool MeasuresWaits { get; set; }

    /// <summary>Whether <see cref="GetCause"/> returns trace IDs. Set it before keys are added.</summary>
    public bool RemembersCauses { get; set; }

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
            var cause = RemembersCauses ? FindRunning() : null;
            if (!_dirty.TryAdd(key, new Added(MeasuresWaits ? time.GetTimestamp() : null, cause)))
            {
                // What a watch event enqueued is often enqueued by a reconcile too, before it is processed.
                if (cause is not null && _dirty[key] is { Cause: null } first)
                {
                    _dirty[key] = first with { Cause = cause };
                }

                return;
            }

            metrics.RecordAdd(name);
            if (!_processing.ContainsKey(key))
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
            _dirty.Remove(key, out var added);
            _processing.Add(key, new Taken(added.At is { } since ? time.GetElapsedTime(since) : null, added.Cause));
        }

        return key;
    }

    /// <summary>How long a key that is being processed waited before. Null if waits are not measured.</summary>
    public TimeSpan? GetWait(TKey key)
    {
        lock (_lock)
        {
            return _processing.GetValueOrDefault(key).Wait;
        }
    }

    /// <summary>
    /// The trace ID of the reconcile that first added a key that is being processed. Null if none did, or causes are not remembered.
    /// </summary>
    public ActivityTraceId? GetCause(TKey key)
    {
        lock (_lock)
        {
            return _processing.GetValueOrDefault(key).Cause;
        }
    }

    public void Done(TKey key)
    {
        lock (_lock)
        {
            _processing.Remove(key);
            if (_dirty.ContainsKey(key))
            {
                _ready.Writer.TryWrite(key);
            }
        }
    }

    private static ActivityTraceId? FindRunning() => Activity.Current is { IsStopped: false } running ? running.TraceId : null;

    // The time is null if waits are not measured.
    private readonly record struct Added(long? At, ActivityTraceId? Cause);

    private readonly record struct Taken(TimeSpan? Wait, ActivityTraceId? Cause);
}
