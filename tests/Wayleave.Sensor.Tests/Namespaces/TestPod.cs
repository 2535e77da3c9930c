using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Wayleave.Sensor.Tests.Namespaces;

/// <summary>A network namespace with a process in a control group of a Pod, as a kubelet makes it.</summary>
internal sealed class TestPod : IAsyncDisposable
{
    private readonly NetworkNamespace _network;
    private readonly Process _pause;
    private readonly PodGroup _group;

    private TestPod(NetworkNamespace network, PodGroup group, string v4, string v6)
    {
        (_network, _group, V4, V6) = (network, group, v4, v6);
        _pause = network.Start("sh", "-c", $"echo $$ > {group.Path}/cgroup.procs; exec sleep 3600");
    }

    public string V4 { get; }

    public string V6 { get; }

    public Guid Uid => _group.Uid;

    public NetworkNamespace Network => _network;

    public static async Task<TestPod> CreateAsync(NetworkNamespace network, string v4, string v6) =>
        new(network, await PodGroup.CreateAsync(), v4, v6);

    /// <summary>Calls an address and closes the connection.</summary>
    /// <returns>Null without an answer in time.</returns>
    public static async Task<SocketError?> CallAsync(NetworkNamespace network, string to, TimeSpan? timeout = null)
    {
        var end = IPEndPoint.Parse(to);
        using var socket = network.Create(() => new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        using var limit = new CancellationTokenSource(timeout ?? TimeSpan.FromSeconds(20));
        try
        {
            await socket.ConnectAsync(end, limit.Token);
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public Task<SocketError?> CallAsync(string to, TimeSpan? timeout = null) => CallAsync(_network, to, timeout);

    /// <summary>Listens, and accepts by the kernel alone.</summary>
    public static Socket Listen(NetworkNamespace network, string at) => network.Create(() =>
    {
        var end = IPEndPoint.Parse(at);
        var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(end);
        socket.Listen(1024);
        return socket;
    });

    public async ValueTask DisposeAsync()
    {
        _pause.Kill();
        await _pause.WaitForExitAsync();
        _pause.Dispose();
        await _group.DisposeAsync();
    }
}

/// <summary>A control group with the name of a Pod, in version 2.</summary>
internal sealed class PodGroup : IAsyncDisposable
{
    private PodGroup(string root, Guid uid)
    {
        Uid = uid;
        Path = $"{root}/kubepods-wayleave-pod{uid.ToString().Replace('-', '_')}.slice";
    }

    public Guid Uid { get; }

    public string Path { get; }

    /// <summary>Where version 2 is mounted. Null if it is not.</summary>
    public static string? Root => Array.Find(["/sys/fs/cgroup", "/sys/fs/cgroup/unified"], path => File.Exists($"{path}/cgroup.controllers"));

    public static async Task<PodGroup> CreateAsync()
    {
        var group = new PodGroup(Root!, Guid.NewGuid());
        await NetworkNamespace.ShellAsync($"mkdir {group.Path}");
        return group;
    }

    public async ValueTask DisposeAsync() =>
        await NetworkNamespace.ShellAsync($"for pid in $(cat {Path}/cgroup.procs); do kill -9 $pid || true; done; until rmdir {Path} 2>/dev/null || [ ! -e {Path} ]; do sleep 0.05; done");
}
