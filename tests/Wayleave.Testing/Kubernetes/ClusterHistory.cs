namespace Wayleave.Testing.Kubernetes;

/// <summary>The changes to the objects of one kind, and their watches. Guarded by the given lock.</summary>
internal sealed class ClusterHistory(Lock guard)
{
    private readonly List<ClusterChange> _changes = [];
    private readonly List<ClusterWatch> _watches = [];
    private long _oldest;

    /// <summary>Whether there is a watch, and every watch has processed all changes.</summary>
    public bool IsHeard => _watches.Count > 0 && _watches.TrueForAll(watch => watch.IsWaiting);

    public ClusterChange? At(int index) => index < _changes.Count ? _changes[index] : null;

    public void Add(ClusterChange change)
    {
        _changes.Add(change);
        _watches.ForEach(watch => watch.Wake());
    }

    /// <summary>Opens a watch for all changes after a version. Null when these are no longer kept.</summary>
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

    /// <summary>Ends all watches. Changes before <paramref name="oldest"/> can no longer be watched.</summary>
    public void End(long oldest)
    {
        _oldest = oldest;
        _watches.ForEach(watch => watch.End());
    }
}
