using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Wayleave.Observation.Resolution;

/// <summary>
/// Pods, their owners, Services and nodes: as they are, and as they were for some time after their end, because sensors report later than
/// things happen. Bounded. Not thread-safe.
/// </summary>
internal sealed class ClusterHistory
{
    private const int MaxUses = 500_000;
    private const int MaxTombstones = 100_000;
    private static readonly TimeSpan _addressRetention = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan _identityRetention = TimeSpan.FromHours(1);

    private readonly AddressHistory<Guid> _podAddresses = new(_addressRetention, MaxUses);
    private readonly AddressHistory<string> _nodeAddresses = new(_addressRetention, MaxUses);
    private readonly Tombstones<Guid, PodFacts> _pods = new(_identityRetention, MaxTombstones);
    private readonly Tombstones<Guid, PodFacts> _staticPods = new(_identityRetention, MaxTombstones);
    private readonly Tombstones<string, OwnerFacts> _owners = new(_identityRetention, MaxTombstones);
    private readonly Dictionary<string, NodeFacts> _nodes = new(StringComparer.Ordinal);

    /// <summary>The Services and what is behind them.</summary>
    public ServiceHistory Services { get; } = new();

    /// <summary>Adds or replaces a Pod.</summary>
    /// <param name="pod">As the API server has it now.</param>
    /// <param name="now">When this was seen.</param>
    public void SetPod(PodFacts pod, DateTimeOffset now)
    {
        var old = _pods.Find(pod.Uid);
        _pods.Set(pod.Uid, pod);
        if (pod.StaticUid is { } staticUid)
        {
            _staticPods.Set(staticUid, pod);
        }

        _podAddresses.Replace(KeysOf(old), KeysOf(pod), pod.Uid, pod.StartedAt ?? now, now);
    }

    /// <summary>A Pod was deleted. It is known for another hour.</summary>
    public void RemovePod(Guid uid, DateTimeOffset now)
    {
        if (!_pods.TryFind(uid, out var pod))
        {
            return;
        }

        _pods.Remove(uid, now);
        if (pod.StaticUid is { } staticUid)
        {
            _staticPods.Remove(staticUid, now);
        }

        _podAddresses.Replace(KeysOf(pod), [], uid, now, now);
    }

    /// <summary>Whether a Pod has not been deleted.</summary>
    public bool Exists(Guid uid) => _pods.IsLive(uid);

    /// <summary>Adds or replaces a ReplicaSet or Job.</summary>
    public void SetOwner(string uid, OwnerFacts owner) => _owners.Set(uid, owner);

    /// <summary>A ReplicaSet or Job was deleted. It is known for another hour.</summary>
    public void RemoveOwner(string uid, DateTimeOffset now) => _owners.Remove(uid, now);

    /// <summary>Adds or replaces a node.</summary>
    public void SetNode(NodeFacts node, DateTimeOffset now)
    {
        var old = _nodes.GetValueOrDefault(node.Name)?.Addresses ?? [];
        _nodes[node.Name] = node;

        // A node had its addresses before it registered.
        _nodeAddresses.Replace(KeysOf(old), KeysOf(node.Addresses), node.Name, DateTimeOffset.MinValue, now);
    }

    public void RemoveNode(string name, DateTimeOffset now)
    {
        if (_nodes.Remove(name, out var node))
        {
            _nodeAddresses.Replace(KeysOf(node.Addresses), [], name, now, now);
        }
    }

    /// <summary>Forgets what ended too long ago.</summary>
    public void Sweep(DateTimeOffset now)
    {
        _podAddresses.Sweep(now);
        _nodeAddresses.Sweep(now);
        _pods.Sweep(now);
        _staticPods.Sweep(now);
        _owners.Sweep(now);
        Services.Sweep(now);
    }

    /// <summary>The Pod of a UID, as the API server or the kubelet has it. Null if it is not known (yet).</summary>
    public PodFacts? FindPod(Guid uid) => _pods.Find(uid) ?? _staticPods.Find(uid);

    /// <summary>The Pod that had an address of its own at that time. Null for any other address, for example of a node.</summary>
    public PodFacts? FindPod(IPAddress address, DateTimeOffset at) =>
        _podAddresses.TryFind(new AddressKey(address), at, out var uid) ? _pods.Find(uid) : null;

    /// <summary>Whether the address was that of a node.</summary>
    public bool IsNode(IPAddress address, DateTimeOffset at) => _nodeAddresses.TryFind(new AddressKey(address), at, out _);

    /// <summary>Whether the address is in a range that nodes give to Pods.</summary>
    public bool IsInPodRange(IPAddress address) => _nodes.Values.Any(node => node.PodRanges.Any(range => range.Contains(address)));

    /// <summary>The workload of a Pod. False if its owners are not known (yet).</summary>
    public bool TryFindWorkload(PodFacts pod, [NotNullWhen(true)] out WorkloadIdentity? workload)
    {
        workload = WorkloadFinder.Find(pod, _owners.Find);
        return workload is not null;
    }

    // The addresses of a Pod in the host's network are those of its node, and a finished Pod has lost them.
    private static List<AddressKey> KeysOf(PodFacts? pod) =>
        pod is null or { IsHostNetwork: true } or { IsFinished: true } ? [] : KeysOf(pod.Addresses);

    private static List<AddressKey> KeysOf(ImmutableArray<IPAddress> addresses) =>
        [.. addresses.Select(address => new AddressKey(address))];
}

/// <param name="PodRanges">The ranges that the node gives to its Pods. Empty if the network plugin manages them.</param>
internal sealed record NodeFacts(string Name, ImmutableArray<IPAddress> Addresses, ImmutableArray<IPNetwork> PodRanges);
