namespace Wayleave.Testing.Kubernetes;

/// <summary>What happened to the objects of one kind, and who listens. Guarded by the lock that it is given.</summary>
internal sealed class ClusterHistory(Lock guard)
{
    private readonly List<ClusterChange> _changes = [];
    private readonly List<ClusterWatch> _watches = [];
    private long _oldest;

    /// <summary>Whether somebody listens, and everybody who does has dealt with all there is.</summary>
    public bool IsHeard => _watches.Count > 0 && _watches.TrueForAll(watch => watch.IsWaiting);

    public ClusterChange? At(int index) => index < _changes.Count ? _changes[index] : null;

    public void Add(ClusterChange change)
    {
        _changes.Add(change);
        _watches.ForEach(watch => watch.Wake());
    }

    /// <summary>A watch of all that comes after a version; null when that is no longer kept.</summary>
    public ClusterWatch? Open(long version)
    {
        if (version < _oldest)
        {
            return null;
        }

        var watch = new ClusterWatch(this, guard, _changes.FindIndex(change => change.Version > version) is var next and >= 0 ? next : _changes.Count);
        _watches.Add(watch);
        return watch;
    }

    public void Close(ClusterWatch watch) => _watches.Remove(watch);

    /// <summary>Ends all watches. What happened before <paramref name="oldest"/> cannot be asked for any more.</summary>
    public void End(long oldest)
    {
        _oldest = oldest;
        _watches.ForEach(watch => watch.End());
    }
}
