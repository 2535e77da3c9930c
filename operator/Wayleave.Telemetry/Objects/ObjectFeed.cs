using Wayleave.Telemetry.Catalogue;

namespace Wayleave.Telemetry.Objects;

/// <summary>
/// Follows the objects of one kind through their stream of changes, also while another replica counts, so that a change of leader finds
/// all at hand. Its writing members are called by one thread, in the order of the stream; reading is safe from any. None of them waits.
/// </summary>
/// <param name="kind">The kind.</param>
/// <param name="changed">Called after every change that matters, under no lock; must be quick.</param>
public sealed class ObjectFeed(CountedKind kind, Action changed)
{
    /// <summary>How many deaths are remembered for the case that this replica takes the lead.</summary>
    internal const int LongestMemory = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectId, ObjectState> _live = [];
    private readonly HashSet<ObjectId> _dirty = [];
    private readonly Queue<ObjectDeath> _deaths = new();
    private readonly List<ObjectDeath> _untaken = [];
    private HashSet<ObjectId>? _listed;
    private long _since = -1;
    private long _position = -1;
    private bool _counting;
    private bool _isListed;

    public CountedKind Kind => kind;

    /// <summary>A list begins, of all objects that there are.</summary>
    public void ListBegan() => _listed = [];

    /// <param name="id">Which.</param>
    /// <param name="usage">What its state says.</param>
    /// <param name="position">Where in the stream it became so.</param>
    public void Listed(ObjectId id, ObjectUsage usage, long position)
    {
        _listed?.Add(id);
        Put(id, new ObjectState(usage, position));
    }

    /// <summary>What the list lacks is gone; what else came and went before it is not known.</summary>
    /// <param name="position">What the list shows, and from where changes follow.</param>
    public void ListEnded(long position)
    {
        lock (_lock)
        {
            if (_listed is { } listed)
            {
                var missing = _live.Keys.Where(id => !listed.Contains(id)).ToList();
                missing.ForEach(id => Bury(id, _live[id].Usage, position));
            }

            (_since, _position, _listed, _isListed) = (position, position, null, true);
        }

        changed();
    }

    public void Seen(ObjectId id, ObjectUsage usage, long position)
    {
        var isNews = Put(id, new ObjectState(usage, position));
        Bookmark(position);
        if (isNews)
        {
            changed();
        }
    }

    /// <param name="id">Which.</param>
    /// <param name="usage">What its last state says.</param>
    /// <param name="position">Where in the stream it went.</param>
    public void Gone(ObjectId id, ObjectUsage usage, long position)
    {
        lock (_lock)
        {
            Bury(id, usage, position);
            _position = position;
        }

        changed();
    }

    /// <summary>The stream has come to this place without anything that matters.</summary>
    public void Bookmark(long position)
    {
        lock (_lock)
        {
            _position = position;
        }
    }

    /// <summary>From now on changes are gathered for <see cref="Take"/>. Gives how everything stands.</summary>
    internal ObjectView Begin()
    {
        lock (_lock)
        {
            _counting = true;
            Forget();
            return new ObjectView(new Dictionary<ObjectId, ObjectState>(_live), [.. _deaths], _since, _position);
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

    private bool Put(ObjectId id, ObjectState state)
    {
        lock (_lock)
        {
            if (_live.TryGetValue(id, out var known) && known.Usage.Equals(state.Usage))
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
    }

    private void Bury(ObjectId id, ObjectUsage usage, long position)
    {
        _live.Remove(id);
        var death = new ObjectDeath(id, usage, position);
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
