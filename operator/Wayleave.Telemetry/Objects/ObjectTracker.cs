using System.Collections.Immutable;
using System.Threading.Channels;
using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Objects;

/// <summary>
/// Follows the objects of one kind through their list and watch, also on a standby, so that a new leader has them. The watch calls it on
/// one thread, in order; all other members are thread-safe. Nothing here blocks.
/// </summary>
/// <param name="changed">Called after every change that matters, under no lock; must be quick.</param>
public sealed class ObjectTracker(CountedKind kind, Action changed)
{
    /// <summary>The maximum number of deleted objects to keep for the case that this replica becomes the leader.</summary>
    internal const int MaxDeleted = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectId, ObjectState> _live = [];
    private readonly HashSet<ObjectId> _dirty = [];
    private readonly Queue<DeletedObject> _deleted = new();
    private readonly List<DeletedObject> _pendingDeletions = [];
    private Dictionary<ObjectId, ObjectState>? _listed;
    private long _since = -1;
    private long _position = -1;
    private bool _counting;
    private bool _isListed;

    public CountedKind Kind => kind;

    public void OnListStarted() => _listed = [];

    public void OnListed(ObjectId id, ObjectUsage usage, long position) => _listed?[id] = new ObjectState(usage, position);

    /// <summary>
    /// Objects missing from the list were deleted, unless they were written since. A list older than the known position means that the
    /// cluster was restored from a backup.
    /// </summary>
    /// <param name="position">What the list shows, and from where changes follow.</param>
    public void OnListCompleted(long position)
    {
        lock (_lock)
        {
            var listed = _listed ?? [];
            var isRestored = position < _position;
            foreach (var (id, state) in _live
                .Where(known => !listed.ContainsKey(known.Key) && (isRestored || known.Value.Position <= position)).ToList())
            {
                RecordDeletion(id, state.Usage, position);
            }

            foreach (var (id, state) in listed)
            {
                Put(id, state, isRestored);
            }

            (_since, _position, _listed, _isListed) = (position, position, null, true);
        }

        changed();
    }

    public void OnUpdated(ObjectId id, ObjectUsage usage, long position)
    {
        bool hasChanged;
        lock (_lock)
        {
            hasChanged = Put(id, new ObjectState(usage, position));
            _position = position;
        }

        if (hasChanged)
        {
            changed();
        }
    }

    /// <summary>
    /// The result of our own write, before the watch delivers it. If the watch is already past it and the object is missing, it was
    /// deleted.
    /// </summary>
    public void OnLocalWrite(ObjectId id, ObjectUsage usage, long position)
    {
        bool hasChanged;
        lock (_lock)
        {
            hasChanged = (_live.ContainsKey(id) || position > _position) && Put(id, new ObjectState(usage, position));
        }

        if (hasChanged)
        {
            changed();
        }
    }

    public void OnDeleted(ObjectId id, ObjectUsage usage, long position)
    {
        lock (_lock)
        {
            RecordDeletion(id, usage, position);
            _position = position;
        }

        changed();
    }

    /// <summary>A bookmark: the watch has reached this position.</summary>
    public void OnBookmark(long position)
    {
        lock (_lock)
        {
            _position = position;
        }
    }

    /// <summary>Starts to collect changes for <see cref="TakeChanges"/>, and returns the current state.</summary>
    internal ObjectSnapshot StartCounting()
    {
        lock (_lock)
        {
            _counting = true;
            ClearPending();
            return new ObjectSnapshot(new Dictionary<ObjectId, ObjectState>(_live), [.. _deleted], _since, _position);
        }
    }

    /// <summary>What changed since the last call of this or of <see cref="StartCounting"/>.</summary>
    internal ObjectChanges TakeChanges()
    {
        lock (_lock)
        {
            var updated = _dirty.Where(_live.ContainsKey).Select(id => KeyValuePair.Create(id, _live[id])).ToList();
            var changes = new ObjectChanges(updated, [.. _pendingDeletions], _position, _isListed);
            ClearPending();
            return changes;
        }
    }

    /// <summary>Another replica counts from now on.</summary>
    internal void StopCounting()
    {
        lock (_lock)
        {
            _counting = false;
            ClearPending();
        }
    }

    private void ClearPending()
    {
        _dirty.Clear();
        _pendingDeletions.Clear();
        _isListed = false;
    }

    private bool Put(ObjectId id, ObjectState state, bool evenIfOlder = false)
    {
        var isKnown = _live.TryGetValue(id, out var known);
        if (isKnown && (known.Usage.Equals(state.Usage) || (state.Position < known.Position && !evenIfOlder)))
        {
            return false;
        }

        _live[id] = state;
        if (_counting)
        {
            _dirty.Add(id);
        }

        return !state.Usage.IsNone;
    }

    private void RecordDeletion(ObjectId id, ObjectUsage usage, long position)
    {
        _live.Remove(id);
        var deleted = new DeletedObject(id, usage, position);
        _deleted.Enqueue(deleted);
        if (_deleted.Count > MaxDeleted)
        {
            _since = Math.Max(_since, _deleted.Dequeue().Position);
        }

        if (_counting)
        {
            _pendingDeletions.Add(deleted);
        }
    }
}

public sealed class ObjectTrackerSet
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public ObjectTrackerSet() =>
        All = [.. CountedKindCatalog.All.Select(kind => new ObjectTracker(kind, () => _changes.Writer.TryWrite(true)))];

    public ImmutableArray<ObjectTracker> All { get; }

    public ObjectTracker Get(CountedKind kind) => All.First(tracker => tracker.Kind == kind);

    /// <summary>Returns when something has changed since the last return. For one caller at a time.</summary>
    internal async Task WaitForChangesAsync(CancellationToken cancellationToken) => await _changes.Reader.ReadAsync(cancellationToken);
}
