using System.Collections.Frozen;
using Wayleave.Sensor.Capture;

namespace Wayleave.Sensor.Nodes;

/// <summary>
/// Who has which address on this node. An address that was given to another Pod is noticed because its packets come through another
/// interface: the caller is then unknown until a scan has confirmed it. Thread-safe.
/// </summary>
internal sealed class CallerDirectory(TimeProvider time)
{
    private const int MaxWaiting = 1024;
    private const long ForgetAfterMs = 120_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Address, Entry> _entries = [];
    private readonly InterfaceTable _interfaces = new();
    private Dictionary<Address, int> _waiting = [];
    private FrozenDictionary<Destination, Caller> _hostSockets = FrozenDictionary<Destination, Caller>.Empty;
    private volatile FrozenSet<Address> _nodeAddresses = FrozenSet<Address>.Empty;
    private volatile bool _canIdentifyHostSockets;
    private volatile bool _isHostScanRequested;
    private long _hostScanMs;

    /// <summary>The node itself, for callers in its network namespace that cannot be told apart.</summary>
    public Caller Node { get; } = new(podUid: null, isHostNetwork: true) { FirstMs = time.GetUtcNow().ToUnixTimeMilliseconds() };

    /// <summary>False where the kernel does not say which Pod a socket belongs to.</summary>
    public bool CanIdentifyHostSockets
    {
        get => _canIdentifyHostSockets;
        set => _canIdentifyHostSockets = value;
    }

    /// <summary>Set when a client or a socket waits to be found.</summary>
    public AutoResetEvent ScanRequested { get; } = new(initialState: false);

    /// <summary>True if a socket of the network namespace of the node waits to be found.</summary>
    public bool IsHostScanRequested => _isHostScanRequested;

    /// <summary>True if a client waits to be found.</summary>
    public bool HasWaiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count > 0;
            }
        }
    }

    public bool IsNodeAddress(Address address) => _nodeAddresses.Contains(address);

    /// <summary>The Pod that sent a packet, which came in through the interface.</summary>
    /// <param name="address">Its source.</param>
    /// <param name="index">The interface where it was seen first.</param>
    /// <param name="isWaiting">True if the caller will be known after the next scan.</param>
    public Caller? FindClient(Address address, int index, long nowMs, out bool isWaiting) =>
        Find(address, index, nowMs, isRecipient: false, out isWaiting);

    /// <summary>The Pod to which a DNS answer goes, which leaves through the interface.</summary>
    public Caller? FindRecipient(Address address, int index, long nowMs, out bool isWaiting) =>
        Find(address, index, nowMs, isRecipient: true, out isWaiting);

    /// <summary>The caller with an address, if a scan has confirmed it since its first packet.</summary>
    public Caller? FindConfirmed(Address address)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(address, out var entry) && entry.Interface != 0 ? entry.Caller : null;
        }
    }

    /// <summary>The caller of a socket in the network namespace of the node.</summary>
    /// <param name="socket">Its own address and port.</param>
    /// <param name="openedMs">When it was opened.</param>
    /// <param name="isLast">Whether there is no time to wait for another scan.</param>
    /// <returns>Null if a scan will tell.</returns>
    public Caller? FindHostCaller(Destination socket, long openedMs, bool isLast)
    {
        lock (_lock)
        {
            if (_hostSockets.TryGetValue(socket, out var caller))
            {
                return caller;
            }

            if (isLast || !CanIdentifyHostSockets || _hostScanMs > openedMs)
            {
                return Node;
            }

            RequestHostScan();
            return null;
        }
    }

    /// <summary>Asks for a scan of the sockets of the node, because one was opened that may not live long.</summary>
    public void RequestHostScan()
    {
        if (CanIdentifyHostSockets)
        {
            _isHostScanRequested = true;
            ScanRequested.Set();
        }
    }

    /// <summary>Packets of a Pod pass this interface behind the one that is its own.</summary>
    public void MarkShared(int index)
    {
        lock (_lock)
        {
            _interfaces.MarkShared(index);
        }
    }

    /// <summary>The clients that a scan that starts now will confirm, with their interfaces.</summary>
    public IReadOnlyDictionary<Address, int> TakeWaiting()
    {
        lock (_lock)
        {
            var waiting = _waiting;
            _waiting = [];
            return waiting;
        }
    }

    /// <summary>Takes over what a scan found.</summary>
    /// <param name="found">Each caller with its addresses. Later ones replace earlier ones.</param>
    /// <param name="nodeAddresses">The addresses of the node. Null to keep them.</param>
    /// <param name="waiting">From <see cref="TakeWaiting"/>, before the scan.</param>
    public void Apply(
        IEnumerable<(Address Address, Caller Caller)> found, FrozenSet<Address>? nodeAddresses, IReadOnlyDictionary<Address, int> waiting)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_lock)
        {
            _nodeAddresses = nodeAddresses ?? _nodeAddresses;
            Node.LastMs = nowMs;
            foreach (var (address, caller) in found)
            {
                var isSame = _entries.TryGetValue(address, out var known) && known.Caller == caller;
                _entries[address] = new Entry(caller, isSame ? known.Interface : 0);
            }

            foreach (var (address, index) in waiting)
            {
                Confirm(address, index, nowMs);
            }

            foreach (var (address, entry) in _entries)
            {
                if (nowMs - entry.Caller.LastMs > ForgetAfterMs)
                {
                    _entries.Remove(address);
                }
            }
        }
    }

    /// <summary>Takes over what a scan of the sockets of the node found.</summary>
    public void ApplyHostSockets(FrozenDictionary<Destination, Caller> sockets, long scannedMs)
    {
        lock (_lock)
        {
            _hostSockets = sockets;
            _hostScanMs = scannedMs;
            _isHostScanRequested = false;
        }
    }

    private Caller? Find(Address address, int index, long nowMs, bool isRecipient, out bool isWaiting)
    {
        lock (_lock)
        {
            isWaiting = false;
            if (_entries.TryGetValue(address, out var entry) && entry.Interface == index)
            {
                return entry.Caller;
            }

            // What goes to a Pod passes a bridge before the interface of the Pod.
            if (!(isRecipient && _interfaces.IsShared(index)) && !_interfaces.IsRemote(index, nowMs))
            {
                isWaiting = true;
                AddWaiting(address, index);
            }

            return null;
        }
    }

    private void Confirm(Address address, int index, long nowMs)
    {
        if (_entries.TryGetValue(address, out var entry))
        {
            _entries[address] = entry with { Interface = index };
            _interfaces.RecordHit(index);
        }
        else
        {
            _interfaces.RecordMiss(index, nowMs);
        }
    }

    private void AddWaiting(Address address, int index)
    {
        if (_entries.TryGetValue(address, out var entry))
        {
            // Perhaps another Pod has the address now.
            _entries[address] = entry with { Interface = 0 };
        }

        if (_waiting.Count < MaxWaiting || _waiting.ContainsKey(address))
        {
            _waiting[address] = index;
            ScanRequested.Set();
        }
    }

    private readonly record struct Entry(Caller Caller, int Interface);
}
