using System.Collections.Immutable;
using System.Threading.Channels;
using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Objects;

/// <summary>
/// Follows the objects of one kind through their list and watch, also on a standby, so that a new leader has them. The watch calls it on
/// one thread, in order; all other members are thread-safe. Nothing here blocks.
/// </summary>
/// <param name="kind">The kind.</param>
/// <param name="changed">Called after every change that matters, under no lock; must be quick.</param>
public sealed class ObjectTracker(CountedKind kind, Action changed)
{
    /// <summary>The maximum number of deleted objects to keep for the case that this replica becomes the leader.</summary>
    internal const int LongestMemory = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectId, ObjectState> _live = [];
    private readonly HashSet<ObjectId> _dirty = [];
    private readonly Queue<DeletedObject> _deaths = new();
    private readonly List<DeletedObject> _untaken = [];
    private Dictionary<ObjectId, ObjectState>? _listed;
    private long _since = -1;
    private long _position = -1;
    private bool _counting;
    private bool _isListed;

    public CountedKind Kind => kind;

    /// <summary>A list begins, of all objects that there are.</summary>
    public void OnListStarted() => _listed = [];

    /// <param name="id">Which.</param>
    /// <param name="usage">What its state says.</param>
    /// <param name="position">The resource version of this state.</param>
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
            var isPutBack = position < _position;
            foreach (var id in _live.Where(known => !listed.ContainsKey(known.Key) && (isPutBack || known.Value.Position <= position))
                .Select(known => known.Key)
                .ToList())
            {
                Bury(id, _live[id].Usage, position);
            }

            foreach (var (id, state) in listed)
            {
                Put(id, state, isPutBack);
            }

            (_since, _position, _listed, _isListed) = (position, position, null, true);
        }

        changed();
    }

    public void Seen(ObjectId id, ObjectUsage usage, long position)
    {
        bool isNews;
        lock (_lock)
        {
            isNews = Put(id, new ObjectState(usage, position));
            _position = position;
        }

        if (isNews)
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
        bool isNews;
        lock (_lock)
        {
            isNews = (_live.ContainsKey(id) || position > _position) && Put(id, new ObjectState(usage, position));
        }

        if (isNews)
        {
            changed();
        }
    }

    /// <param name="id">Which.</param>
    /// <param name="usage">What its last state says.</param>
    /// <param name="position">The resource version of the deletion.</param>
    public void Gone(ObjectId id, ObjectUsage usage, long position)
    {
        lock (_lock)
        {
            Bury(id, usage, position);
            _position = position;
        }

        changed();
    }

    /// <summary>A bookmark: the watch has reached this position.</summary>
    public void Bookmark(long position)
    {
        lock (_lock)
        {
            _position = position;
        }
    }

    /// <summary>Starts to collect changes for <see cref="Take"/>, and returns the current state.</summary>
    internal ObjectSnapshot Begin()
    {
        lock (_lock)
        {
            _counting = true;
            Forget();
            return new ObjectSnapshot(new Dictionary<ObjectId, ObjectState>(_live), [.. _deaths], _since, _position);
        }
    }

    /// <summary>What changed since the last call of this or of <see cref="Begin"/>.</summary>
    internal ObjectChanges Take()
    {
        lock (_lock)
        {
            var seen = _dirty.Where(_live.ContainsKey).Select(id => KeyValuePair.Create(id, _live[id])).ToList();
            var changes = new ObjectChanges(seen, [.. _untaken], _position, _isListed);
            Forget();
            return changes;
        }
    }

    /// <summary>Another replica counts from now on.</summary>
    internal void End()
    {
        lock (_lock)
        {
            _counting = false;
            Forget();
        }
    }

    private void Forget()
    {
        _dirty.Clear();
        _untaken.Clear();
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

    private void Bury(ObjectId id, ObjectUsage usage, long position)
    {
        _live.Remove(id);
        var death = new DeletedObject(id, usage, position);
        _deaths.Enqueue(death);
        if (_deaths.Count > LongestMemory)
        {
            _since = Math.Max(_since, _deaths.Dequeue().Position);
        }

        if (_counting)
        {
            _untaken.Add(death);
        }
    }
}

/// <summary>A feed for each kind that is counted.</summary>
public sealed class ObjectTrackerSet
{
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public ObjectTrackerSet() =>
        All = [.. CountedKindCatalog.All.Select(kind => new ObjectTracker(kind, () => _news.Writer.TryWrite(true)))];

    public ImmutableArray<ObjectTracker> All { get; }

    public ObjectTracker Of(CountedKind kind) => All.First(feed => feed.Kind == kind);

    /// <summary>Returns when something has changed since the last return. For one caller at a time.</summary>
    internal async Task ChangedAsync(CancellationToken cancellationToken) => await _news.Reader.ReadAsync(cancellationToken);
}
