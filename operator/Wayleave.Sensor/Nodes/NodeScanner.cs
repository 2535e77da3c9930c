using System.Collections.Frozen;
using System.Collections.Immutable;
using Wayleave.Sensor.Capture;

namespace Wayleave.Sensor.Nodes;

/// <summary>
/// Finds the network namespaces of the node through their processes, the Pod of each, and its addresses. Used by one thread.
/// </summary>
internal sealed class NodeScanner(ProcFiles files, CallerDirectory directory, TimeProvider time)
{
    private readonly Dictionary<ulong, PodNamespace> _namespaces = [];
    private readonly HashSet<int> _known = [];

    /// <summary>The network namespaces of Pods, each once, as the last full scan found them.</summary>
    public IReadOnlyCollection<PodNamespace> Namespaces => _namespaces.Values;

    /// <summary>Reads all processes, and the addresses of all network namespaces.</summary>
    public void ScanAll()
    {
        var waiting = directory.TakeWaiting();
        var found = FindNamespaces(pid => true);
        foreach (var inode in _namespaces.Keys.Where(inode => !found.ContainsKey(inode)).ToList())
        {
            _namespaces.Remove(inode);
        }

        _known.Clear();
        _known.UnionWith(files.ListProcesses());
        Apply(found, files.ReadOwnAddresses().ToFrozenSet(), waiting);
    }

    /// <summary>Reads the processes that are younger than the last full scan, which takes much less time.</summary>
    public void ScanNew()
    {
        var waiting = directory.TakeWaiting();
        Apply(FindNamespaces(pid => !_known.Contains(pid)), nodeAddresses: null, waiting);
    }

    // The first process of a Pod in each namespace; where there is none, any process.
    private Dictionary<ulong, (int Pid, Guid? Uid)> FindNamespaces(Predicate<int> isWanted)
    {
        var own = files.FindOwnNamespace();
        var found = new Dictionary<ulong, (int Pid, Guid? Uid)>();
        foreach (var pid in files.ListProcesses())
        {
            if (!isWanted(pid) || files.FindNamespace(pid) is not (> 0 and var inode) || inode == own
                || (found.TryGetValue(inode, out var known) && known.Uid is not null))
            {
                continue;
            }

            var uid = files.FindPodUid(pid);
            if (uid is not null || known.Pid == 0)
            {
                found[inode] = (pid, uid);
            }
        }

        return found;
    }

    private void Apply(
        Dictionary<ulong, (int Pid, Guid? Uid)> found, FrozenSet<Address>? nodeAddresses, IReadOnlyDictionary<Address, int> waiting)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (inode, (pid, uid)) in found)
        {
            var caller = FindCaller(inode, uid, nowMs);
            caller.LastMs = nowMs;
            var addresses = files.ReadAddresses(pid);
            _namespaces[inode] = new PodNamespace(pid, caller, [.. addresses]);
        }

        foreach (var ofCaller in _namespaces.Values.GroupBy(item => item.Caller))
        {
            ofCaller.Key.Addresses = [.. ofCaller.SelectMany(item => item.Addresses).Distinct()];
        }

        directory.Apply(
            found.Keys.SelectMany(inode => _namespaces[inode].Addresses.Select(address => (address, _namespaces[inode].Caller))),
            nodeAddresses,
            waiting);
    }

    // A Pod whose processes have their own namespaces is one caller. The inode of a namespace that is gone is used again.
    private Caller FindCaller(ulong inode, Guid? uid, long nowMs)
    {
        if (_namespaces.TryGetValue(inode, out var known) && (known.Caller.PodUid == uid || uid is null))
        {
            return known.Caller;
        }

        var ofPod = uid is null ? null : _namespaces.Values.FirstOrDefault(item => item.Caller.PodUid == uid);
        return ofPod?.Caller ?? new Caller(uid, isHostNetwork: false) { FirstMs = nowMs };
    }
}

/// <summary>A network namespace that is not that of the node.</summary>
/// <param name="Pid">One of its processes.</param>
/// <param name="Caller">The Pod that it belongs to.</param>
/// <param name="Addresses">Its addresses.</param>
internal sealed record PodNamespace(int Pid, Caller Caller, ImmutableArray<Address> Addresses);
