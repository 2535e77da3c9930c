using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Nodes;

namespace Wayleave.Sensor.Dns;

/// <summary>The names that callers asked for, with the addresses that they got. Thread-safe.</summary>
internal sealed class NameTable
{
    public const int MaxNames = 5_000;

    /// <summary>The most names of one caller, so that one that makes names up does not take all the room.</summary>
    public const int MaxNamesOfCaller = 1_000;

    private const long MinRepeatMs = 300_000;
    private const long MaxRepeatMs = 3_600_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<NameKey, NameState> _names = new(NameComparer.Instance);
    private readonly Dictionary<NameKey, NameState>.AlternateLookup<NameProbe> _probe;
    private readonly Dictionary<Caller, int> _namesOfCaller = [];
    private long _merged;
    private volatile bool _hasNew;

    public NameTable() => _probe = _names.GetAlternateLookup<NameProbe>();

    /// <summary>
    /// Whether a name is new, or has a new address, since the last <see cref="Collect"/>. Does not count a name whose addresses change all
    /// the time.
    /// </summary>
    public bool HasNew => _hasNew;

    public void Record(Caller caller, scoped ref DnsAnswer answer, long nowMs) =>
        Record(caller, answer.Name, answer.Addresses, answer.Ttl, nowMs);

    /// <summary>Allocates nothing if the name and its addresses are known.</summary>
    public void Record(Caller caller, ReadOnlySpan<char> name, ReadOnlySpan<Address> addresses, uint ttl, long nowMs)
    {
        lock (_lock)
        {
            if (!_probe.TryGetValue(new NameProbe(caller, name), out var state))
            {
                var ofCaller = _namesOfCaller.GetValueOrDefault(caller);
                if (_names.Count >= MaxNames || ofCaller >= MaxNamesOfCaller)
                {
                    _merged++;
                    return;
                }

                _namesOfCaller[caller] = ofCaller + 1;
                state = new NameState();
                _names.Add(new NameKey(caller, name.ToString()), state);
            }

            // The last one that is added comes first.
            for (var i = addresses.Length - 1; i >= 0; i--)
            {
                _hasNew |= state.Add(addresses[i]);
            }

            state.Ttl = ttl;
            state.LastMs = nowMs;
        }
    }

    /// <summary>How many names there was no room for, since the last call.</summary>
    public long TakeMerged() => Interlocked.Exchange(ref _merged, 0);

    /// <summary>Marks everything that is remembered as unknown to the mapper.</summary>
    public void MarkAllDue()
    {
        lock (_lock)
        {
            foreach (var state in _names.Values)
            {
                state.IsChanged = true;
            }
        }
    }

    /// <summary>
    /// Passes on the names that the mapper does not know or would forget, and marks them as reported. Forgets those that have not been
    /// asked for an hour.
    /// </summary>
    /// <param name="add">Called for each. Must not call this object.</param>
    /// <returns>True if there are more.</returns>
    public bool Collect(long nowMs, int limit, Action<NameKey, NameState> add)
    {
        lock (_lock)
        {
            var count = 0;
            _hasNew = false;
            foreach (var (key, state) in _names)
            {
                if (!state.IsDue(nowMs))
                {
                    if (nowMs - state.LastMs >= MaxRepeatMs)
                    {
                        Remove(key);
                    }

                    continue;
                }

                if (count++ == limit)
                {
                    return true;
                }

                add(key, state);
                state.IsChanged = false;
                state.ReportedMs = nowMs;
            }

            return false;
        }
    }

    private void Remove(NameKey key)
    {
        _names.Remove(key);
        if (--_namesOfCaller[key.Caller] == 0)
        {
            _namesOfCaller.Remove(key.Caller);
        }
    }

    /// <summary>The addresses of a name, and when it was reported.</summary>
    internal sealed class NameState
    {
        private Address[] _addresses = [];

        /// <summary>Those that were answered last come first.</summary>
        public ReadOnlySpan<Address> Addresses => _addresses;

        public uint Ttl { get; set; }

        public long LastMs { get; set; }

        public bool IsChanged { get; set; } = true;

        public long ReportedMs { get; set; }

        // The mapper believes an answer for its time to live and ten minutes.
        public bool IsDue(long nowMs) => IsChanged
            || (LastMs > ReportedMs && nowMs - ReportedMs >= Math.Clamp(Ttl * 1000L, MinRepeatMs, MaxRepeatMs));

        /// <summary>Beyond the limit, the address is replaced that was not answered for longest.</summary>
        /// <returns>Whether it is new, and nothing was replaced.</returns>
        public bool Add(Address address)
        {
            var place = _addresses.AsSpan().IndexOf(address);
            var isNew = place < 0;
            var hasRoom = _addresses.Length < DnsAnswer.MaxAddresses;
            if (isNew)
            {
                _addresses = hasRoom ? [.. _addresses, address] : _addresses;
                place = _addresses.Length - 1;
                IsChanged = true;
            }

            _addresses.AsSpan(0, place).CopyTo(_addresses.AsSpan(1));
            _addresses[0] = address;
            return isNew && hasRoom;
        }
    }

    private readonly ref struct NameProbe(Caller caller, ReadOnlySpan<char> name)
    {
        public Caller Caller { get; } = caller;

        public ReadOnlySpan<char> Name { get; } = name;
    }

    private sealed class NameComparer : IEqualityComparer<NameKey>, IAlternateEqualityComparer<NameProbe, NameKey>
    {
        public static readonly NameComparer Instance = new();

        public bool Equals(NameKey x, NameKey y) => x.Caller == y.Caller && x.Name == y.Name;

        public int GetHashCode(NameKey obj) => GetHashCode(new NameProbe(obj.Caller, obj.Name));

        public bool Equals(NameProbe alternate, NameKey other) =>
            alternate.Caller == other.Caller && alternate.Name.SequenceEqual(other.Name);

        public int GetHashCode(NameProbe alternate) =>
            HashCode.Combine(alternate.Caller, string.GetHashCode(alternate.Name, StringComparison.Ordinal));

        public NameKey Create(NameProbe alternate) => new(alternate.Caller, alternate.Name.ToString());
    }
}

/// <param name="Caller">Who asked.</param>
/// <param name="Name">In lower case, without the final dot.</param>
internal readonly record struct NameKey(Caller Caller, string Name);
