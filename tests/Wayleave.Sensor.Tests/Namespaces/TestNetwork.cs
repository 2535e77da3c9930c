using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Wayleave.Sensor.Tests.Support;
using Wayleave.Testing.ControlPlane;
using static Wayleave.Sensor.Tests.Namespaces.NetworkNamespace;

namespace Wayleave.Sensor.Tests.Namespaces;

/// <summary>
/// A node with a bridge and two Pods, another node behind it, Services by DNAT as kube-proxy makes them, and rules that drop as an
/// enforcer of policies makes them. The sensor runs in the node with the capability NET_RAW alone, and reports to a mapper.
/// <code>
/// client 10.99.1.2 --+-- cni0 10.99.1.1 [node 10.99.0.1] -- [other node 10.99.0.2, servers 10.99.2.2, outside 203.0.113.9]
/// server 10.99.1.3 --+
/// </code>
/// </summary>
public sealed class TestNetwork : IAsyncLifetime
{
    internal const string Service = "10.96.0.10";
    internal const string ServiceV6 = "fd00:96::a";
    internal const string Remote = "10.99.2.2";
    internal const string RemoteV6 = "fd00:99:2::2";
    internal const string Outside = "203.0.113.9";
    internal const string ServerV4 = "10.99.1.3";

    private readonly string _id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3));
    private readonly List<IAsyncDisposable> _parts = [];
    private readonly string _hosts = Path.GetTempFileName();
    private Process? _sensor;

    internal NetworkNamespace Node { get; private set; } = null!;

    internal NetworkNamespace OtherNode { get; private set; } = null!;

    internal TestPod Client { get; private set; } = null!;

    internal TestPod Server { get; private set; } = null!;

    internal FakeMapper Mapper { get; private set; } = null!;

    /// <summary>What the sensor logged.</summary>
    internal Task<string>? SensorLog { get; private set; }

    internal Process Sensor => _sensor!;

    /// <summary>Why the tests cannot run. Null if they can.</summary>
    private string? Obstacle { get; set; }

    public async Task InitializeAsync()
    {
        Obstacle = await FindObstacleAsync();
        if (Obstacle is not null)
        {
            return;
        }

        OtherNode = await AddNamespaceAsync("other");
        Node = await AddNamespaceAsync("node");
        await ConnectNodesAsync();
        Client = await AddPodAsync("client", 2);
        Server = await AddPodAsync("server", 3);
        await AddRulesAsync();
        await StartSensorAsync();
    }

    public async Task DisposeAsync()
    {
        if (_sensor is not null)
        {
            _sensor.Kill();
            await _sensor.WaitForExitAsync();
            _sensor.Dispose();
        }

        foreach (var part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }

        File.Delete(_hosts);
    }

    internal void SkipIfImpossible() => Skip.If(Obstacle is not null, Obstacle);

    /// <summary>A Pod on the bridge.</summary>
    internal async Task<TestPod> AddPodAsync(string name, int number)
    {
        var network = await AddNamespaceAsync(name);
        await ConnectPodAsync(network, number);
        var pod = await TestPod.CreateAsync(network, $"10.99.1.{number}", $"fd00:99:1::{number}");
        _parts.Add(pod);
        return pod;
    }

    /// <summary>A Pod whose only process runs a script of bash. Then it is gone, and its address can be used again.</summary>
    /// <returns>Its UID.</returns>
    internal async Task<Guid> RunPodAsync(string name, int number, string script)
    {
        await using var network = await CreateAsync($"wayleave-{_id}-{name}");
        await using var group = await PodGroup.CreateAsync();
        await ConnectPodAsync(network, number);
        await ShellAsync($"ip -n {Node.Name} neigh flush dev cni0");
        await network.RunAsync($"echo $$ > {group.Path}/cgroup.procs; {script}");
        return group.Uid;
    }

    private async Task ConnectPodAsync(NetworkNamespace network, int number)
    {
        var host = $"w{_id}{number}";
        await ShellAsync(
            $"""
            ip -n {network.Name} link add eth0 type veth peer name {host} netns {Node.Name}
            ip -n {Node.Name} link set {host} master cni0 up
            ip -n {network.Name} link set eth0 up
            ip -n {network.Name} addr add 10.99.1.{number}/24 dev eth0
            ip -n {network.Name} addr add fd00:99:1::{number}/64 dev eth0 nodad
            ip -n {network.Name} route add default via 10.99.1.1
            ip -n {network.Name} route add default via fd00:99:1::1
            """);
    }

    internal async Task StartSensorAsync()
    {
        Mapper = await FakeMapper.StartAsync(IPAddress.Any);
        _parts.Add(Mapper);
        var port = Mapper.Address.Port.ToString(CultureInfo.InvariantCulture);
        var program = Environment.GetEnvironmentVariable("WAYLEAVE_SENSOR_PROGRAM");

        // Beside this assembly, the libraries are missing that are part of ASP.NET Core.
        var folder = AppContext.BaseDirectory.Replace("tests/Wayleave.Sensor.Tests", "operator/Wayleave.Sensor", StringComparison.Ordinal);
        string[] command = program is null ? ["dotnet", Path.Combine(folder, "wayleave-sensor.dll")] : [program];

        // With a file of its own for the name of the mapper.
        _sensor = ChildProcess.Start("unshare",
        [
            "--mount", "bash", "-euc", $"mount --bind {_hosts} /etc/hosts; exec nsenter --net=/run/netns/{Node.Name} \"$@\"", "sensor",
            "setpriv", "--bounding-set=-all,+net_raw", "--no-new-privs", "env", "MALLOC_ARENA_MAX=1",
            "MALLOC_TRIM_THRESHOLD_=65536", .. command,
            "--mapper-url", $"https://api.test:{port}", "--token-file", Mapper.TokenFile, "--ca-file", Mapper.CaFile, "--report-interval", "1s",
        ]);
        SensorLog = _sensor.StandardOutput.ReadToEndAsync();
        await Poll.UntilAsync("the first report", _ => Task.FromResult(_sensor.HasExited || !Mapper.Batches.IsEmpty), Poll.Patience, CancellationToken.None);
        if (_sensor.HasExited)
        {
            throw new InvalidOperationException($"The sensor ended: {await SensorLog} {await _sensor.StandardError.ReadToEndAsync()}");
        }
    }

    private static async Task<string?> FindObstacleAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "needs Linux";
        }

        if (PodGroup.Root is null)
        {
            return "needs control groups of version 2";
        }

        // Also loads what the first namespace of a machine needs.
        var trial = await ChildProcess.RunAsync("/bin/bash", ["-euc",
            "n=wtrial$$; ip netns add $n; trap \"ip netns delete $n\" EXIT; ip netns exec $n iptables -t nat -L -n >/dev/null; command -v setpriv tcpdump tshark >/dev/null"]);
        return trial.ExitCode == 0 ? null : $"needs root, network namespaces, iptables, setpriv, tcpdump and tshark: {trial.Error.Trim()}";
    }

    private async Task<NetworkNamespace> AddNamespaceAsync(string name)
    {
        var created = await CreateAsync($"wayleave-{_id}-{name}");
        _parts.Add(created);
        return created;
    }

    // The mapper is in the namespace of the machine, which a third link leads to.
    private async Task ConnectNodesAsync()
    {
        var (third, fourth) = (RandomNumberGenerator.GetInt32(256), RandomNumberGenerator.GetInt32(64) * 4);
        var (machine, node) = ($"172.30.{third}.{fourth + 1}", $"172.30.{third}.{fourth + 2}");
        await ShellAsync(
            $"""
            ip -n {Node.Name} link add eth0 type veth peer name eth0 netns {OtherNode.Name}
            ip -n {Node.Name} link set eth0 up; ip -n {OtherNode.Name} link set eth0 up
            ip -n {Node.Name} addr add 10.99.0.1/24 dev eth0; ip -n {Node.Name} addr add fd00:99::1/64 dev eth0 nodad
            ip -n {OtherNode.Name} addr add 10.99.0.2/24 dev eth0; ip -n {OtherNode.Name} addr add fd00:99::2/64 dev eth0 nodad
            ip -n {OtherNode.Name} addr add {Remote}/32 dev lo; ip -n {OtherNode.Name} addr add {RemoteV6}/128 dev lo
            ip -n {OtherNode.Name} addr add {Outside}/32 dev lo
            ip -n {Node.Name} link add cni0 type bridge
            ip -n {Node.Name} link set cni0 up
            ip -n {Node.Name} addr add 10.99.1.1/24 dev cni0; ip -n {Node.Name} addr add fd00:99:1::1/64 dev cni0 nodad
            ip -n {Node.Name} route add default via 10.99.0.2; ip -n {Node.Name} -6 route add default via fd00:99::2
            ip -n {OtherNode.Name} route add 10.99.1.0/24 via 10.99.0.1; ip -n {OtherNode.Name} -6 route add fd00:99:1::/64 via fd00:99::1
            nsenter --net=/run/netns/{Node.Name} sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
            ip link add wm{_id} type veth peer name mapper0 netns {Node.Name}
            ip link set wm{_id} up; ip addr add {machine}/30 dev wm{_id}
            ip -n {Node.Name} link set mapper0 up; ip -n {Node.Name} addr add {node}/30 dev mapper0
            """);
        await File.WriteAllTextAsync(_hosts, $"127.0.0.1 localhost\n{machine} api.test\n");
    }

    private Task<string> AddRulesAsync() => Node.RunAsync(
        $"""
        iptables -t nat -A PREROUTING -d {Service} -p tcp --dport 80 -j DNAT --to-destination {Remote}:8080
        iptables -t nat -A PREROUTING -d {Service} -p udp --dport 53 -j DNAT --to-destination {Remote}:53
        iptables -t nat -A PREROUTING -d {Service} -p tcp --dport 53 -j DNAT --to-destination {Remote}:53
        iptables -t nat -A POSTROUTING -s 10.99.1.0/24 -d {Outside} -j MASQUERADE
        iptables -A FORWARD -p tcp --dport 9090 -j DROP
        ip6tables -t nat -A PREROUTING -d {ServiceV6} -p tcp --dport 80 -j DNAT --to-destination [{RemoteV6}]:8080
        ip6tables -A FORWARD -p tcp --dport 9090 -j DROP
        """);
}
