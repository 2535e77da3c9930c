namespace Wayleave.Observation.Maps;

/// <summary>
/// Remembers which batches were applied, so that a second copy changes nothing. Copies come close together: a sensor sends a batch again
/// until it is acknowledged. Bounded. Not thread-safe.
/// </summary>
/// <param name="maxInstances">The most processes of sensors. Beyond, the one that was silent for longest is forgotten.</param>
internal sealed class BatchLog(int maxInstances = 10_000)
{
    private const ulong Window = 1024;
    private static readonly TimeSpan _retention = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Instance> _instances = new(StringComparer.Ordinal);

    /// <summary>True the first time. A batch that is far older than the newest counts as applied.</summary>
    public bool TryAdd(string instance, ulong sequence, DateTimeOffset now)
    {
        if (!_instances.TryGetValue(instance, out var known))
        {
            if (_instances.Count >= maxInstances)
            {
                _instances.Remove(_instances.MinBy(other => other.Value.LastAt).Key);
            }

            _instances[instance] = known = new Instance();
        }

        known.LastAt = now;
        return known.TryAdd(sequence);
    }

    /// <summary>Forgets all batches.</summary>
    public void Clear() => _instances.Clear();

    /// <summary>Forgets processes that sent nothing for an hour.</summary>
    public void Sweep(DateTimeOffset now)
    {
        foreach (var silent in _instances.Where(instance => instance.Value.LastAt + _retention < now).ToList())
        {
            _instances.Remove(silent.Key);
        }
    }

    private sealed class Instance
    {
        private readonly HashSet<ulong> _recent = [];
        private ulong _highest;

        public DateTimeOffset LastAt { get; set; }

        public bool TryAdd(ulong sequence)
        {
            if (sequence + Window <= _highest || !_recent.Add(sequence))
            {
                return false;
            }

            if (sequence > _highest)
            {
                _highest = sequence;
                if ((ulong)_recent.Count > 2 * Window)
                {
                    _recent.RemoveWhere(old => old + Window <= _highest);
                }
            }

            return true;
        }
    }
}
