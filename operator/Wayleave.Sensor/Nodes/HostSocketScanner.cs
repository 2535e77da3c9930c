using System.Collections.Frozen;
using System.ComponentModel;
using Wayleave.Sensor.Capture;

namespace Wayleave.Sensor.Nodes;

/// <summary>
/// Finds the callers in the network namespace of the node: the control group of a socket says which Pod opened it. Where it does not
/// (version 1), the caller is the node. Used by one thread.
/// </summary>
internal sealed class HostSocketScanner
{
    private const long ForgetAfterMs = 3_600_000;

    private readonly CgroupIndex _cgroups;
    private readonly CallerDirectory _directory;
    private readonly SocketScanner _scanner;
    private readonly TimeProvider _time;
    private readonly Func<List<HostSocket>> _list;
    private readonly Dictionary<Guid, Caller> _callers = [];

    /// <param name="cgroups">Names the Pods.</param>
    /// <param name="directory">Gets the callers.</param>
    /// <param name="scanner">Records connections that are open.</param>
    /// <param name="list">Lists the sockets. Defaults to asking the kernel.</param>
    public HostSocketScanner(
        CgroupIndex cgroups, CallerDirectory directory, SocketScanner scanner, TimeProvider time, Func<List<HostSocket>>? list = null)
    {
        (_cgroups, _directory, _scanner, _time) = (cgroups, directory, scanner, time);
        _list = list ?? SocketDiagnostics.List;
        directory.CanIdentifyHostSockets = cgroups.IsAvailable;
    }

    /// <param name="recordsOpen">Whether connections that are open are recorded.</param>
    public void Scan(bool recordsOpen)
    {
        var startedMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        List<HostSocket> sockets;
        try
        {
            sockets = _list();
        }
        catch (Win32Exception)
        {
            // The seccomp profile forbids it: the callers are reported as the node, like those of control groups of version 1.
            _directory.CanIdentifyHostSockets = false;
            return;
        }

        var listening = sockets
            .Where(socket => socket.Ends.State == SocketState.Listen)
            .Select(socket => socket.Ends.Local.Port)
            .ToHashSet();
        var owners = new Dictionary<Destination, Caller>();
        foreach (var socket in sockets.Where(socket => !listening.Contains(socket.Ends.Local.Port)))
        {
            var caller = FindCaller(socket.Cgroup, startedMs);
            owners[socket.Ends.Local] = caller;
            if (recordsOpen && socket.Ends.State == SocketState.Established && !_directory.IsNodeAddress(socket.Ends.Remote.Address))
            {
                _scanner.Record(caller, socket.Ends.Remote);
            }
        }

        _directory.ApplyHostSockets(owners.ToFrozenDictionary(), startedMs);
        foreach (var (uid, caller) in _callers)
        {
            if (startedMs - caller.LastMs > ForgetAfterMs)
            {
                _callers.Remove(uid);
            }
        }
    }

    private Caller FindCaller(ulong cgroup, long nowMs)
    {
        if (_cgroups.FindPodUid(cgroup) is not { } uid)
        {
            return _directory.Node;
        }

        if (!_callers.TryGetValue(uid, out var caller))
        {
            caller = new Caller(uid, isHostNetwork: true) { FirstMs = nowMs };
            _callers.Add(uid, caller);
        }

        caller.LastMs = nowMs;
        return caller;
    }
}

/// <summary>The Pods of control groups, by the inode of the folder of the group. Used by one thread.</summary>
/// <param name="directory">Where /sys/fs/cgroup of the node is.</param>
/// <param name="time">Limits how often the folders are read.</param>
internal sealed class CgroupIndex(string directory, TimeProvider time)
{
    private const int MaxDepth = 8;
    private const int MaxFolders = 20_000;
    private static readonly TimeSpan _minInterval = TimeSpan.FromSeconds(5);

    private readonly string? _root = FindRoot(directory);
    private readonly Dictionary<ulong, Guid?> _pods = [];
    private long? _readAt;

    /// <summary>False if there are no control groups of version 2.</summary>
    public bool IsAvailable => _root is not null;

    /// <summary>Null if the group is not that of a Pod.</summary>
    public Guid? FindPodUid(ulong cgroup)
    {
        if (_root is null || cgroup <= 1)
        {
            return null;
        }

        if (!_pods.TryGetValue(cgroup, out var uid) && (_readAt is not { } readAt || time.GetElapsedTime(readAt) >= _minInterval))
        {
            Read();
            _pods.TryGetValue(cgroup, out uid);
        }

        return uid;
    }

    // The hybrid layout of systemd has version 2 in a folder of its own, without controllers.
    private static string? FindRoot(string directory) =>
        Array.Find([directory, $"{directory}/unified"], path => File.Exists($"{path}/cgroup.controllers"));

    private void Read()
    {
        _readAt = time.GetTimestamp();
        _pods.Clear();
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = MaxDepth,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.None,
        };
        foreach (var path in Directory.EnumerateDirectories(_root!, "*", options).Take(MaxFolders))
        {
            _pods[FileStatus.FindInode(path)] = PodCgroup.FindPodUid(path.AsSpan(_root!.Length));
        }
    }
}
