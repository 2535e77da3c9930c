using System.Buffers.Binary;
using System.ComponentModel;
using Wayleave.Sensor.Flows;
using Wayleave.Sensor.Nodes;
using Wayleave.Sensor.Tests.Support;
using Wayleave.Testing.Time;
using static Wayleave.Sensor.Tests.Support.PacketBytes;

namespace Wayleave.Sensor.Tests.Nodes;

public sealed class HostSocketScannerTests : IDisposable
{
    private const string Uid = "11111111-38b5-4d7d-9a4b-2f3c4d5e6f70";
    private readonly string _folder = Directory.CreateTempSubdirectory("wayleave-cgroup-").FullName;
    private readonly ManualTimeProvider _time = new();
    private readonly FlowTable _flows = new();
    private readonly CallerDirectory _callers;

    public HostSocketScannerTests() => _callers = new CallerDirectory(_time);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(".")]
    [InlineData("unified")]
    public void Names_the_pod_of_a_socket_by_its_control_group(string root)
    {
        var group = Directory.CreateDirectory(Path.Combine(_folder, root, "kubepods.slice", $"kubepods-pod{Uid.Replace('-', '_')}.slice", "cri-x.scope")).FullName;
        File.WriteAllText(Path.Combine(_folder, root, "cgroup.controllers"), "");
        Scan(
            new HostSocket(new SocketLine(End("192.168.0.1:40000"), End("10.96.0.1:443"), SocketState.Established), FileStatus.FindInode(group)),
            new HostSocket(new SocketLine(End("0.0.0.0:10250"), End("0.0.0.0:0"), SocketState.Listen), 5),
            new HostSocket(new SocketLine(End("192.168.0.1:10250"), End("10.0.9.9:41000"), SocketState.Established), 5));
        var caller = _callers.FindHostCaller(End("192.168.0.1:40000"), 0, isLast: false)!;
        (caller.PodUid, caller.IsHostNetwork).ShouldBe((Guid.Parse(Uid), true));
        _flows.Report(1).ShouldBe(["10.96.0.1:443 -> ? connected 1, refused 0, unanswered 0"]);
    }

    [Fact]
    public void The_caller_is_the_node_where_control_groups_are_of_version_1()
    {
        Scan(new HostSocket(new SocketLine(End("192.168.0.1:40000"), End("10.96.0.1:443"), SocketState.Established), 1));
        _callers.CanIdentifyHostSockets.ShouldBeFalse();
        _callers.FindHostCaller(End("192.168.0.1:40000"), 0, isLast: false).ShouldBe(_callers.Node);
    }

    [Fact]
    public void The_caller_is_the_node_where_the_kernel_does_not_list_sockets()
    {
        File.WriteAllText(Path.Combine(_folder, "cgroup.controllers"), "");
        var scanner = CreateScanner(() => throw new Win32Exception(1));
        scanner.Scan(recordsOpen: true);
        _callers.FindHostCaller(End("192.168.0.1:40000"), 0, isLast: false).ShouldBe(_callers.Node);
    }

    [Fact]
    public void Reads_the_messages_of_the_kernel()
    {
        var sockets = new List<HostSocket>();
        SocketDiagnosticsMessage.Read(Message(), sockets).ShouldBeFalse();
        sockets.Single().ShouldBe(new HostSocket(
            new SocketLine(End("192.168.0.1:40000"), End("10.96.0.1:443"), SocketState.Established), 120));
        SocketDiagnosticsMessage.Read([20, 0, 0, 0, 3, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], sockets).ShouldBeTrue("done");
    }

    [Fact]
    public void Never_throws_on_any_message()
    {
        var random = new Random(4);
        var sockets = new List<HostSocket>();
        for (var run = 0; run < 200_000; run++)
        {
            sockets.Clear();
            SocketDiagnosticsMessage.Read(Mutation.Mutate(random, Message()), sockets);
            if (sockets.Count > 10)
            {
                Assert.Fail("more sockets than fit");
            }
        }
    }

    [SkippableFact]
    public void The_kernel_lists_the_sockets_of_this_machine()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs Linux");
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        SocketDiagnostics.List().ShouldContain(socket => socket.Ends.State == SocketState.Listen && socket.Ends.Local.Port == port);
    }

    private static byte[] Message()
    {
        var message = new byte[16 + 72 + 12];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        message[4] = 20;
        message[16] = 2;
        message[17] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(20), 40000);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(22), 443);
        ((byte[])[192, 168, 0, 1]).CopyTo(message, 24);
        ((byte[])[10, 96, 0, 1]).CopyTo(message, 40);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(88), 12);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(90), 21);
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(92), 120);
        return message;
    }

    private void Scan(params List<HostSocket> sockets) => CreateScanner(() => sockets).Scan(recordsOpen: true);

    private HostSocketScanner CreateScanner(Func<List<HostSocket>> list) => new(
        new CgroupIndex(_folder, _time), _callers, new SocketScanner(new ProcFiles("/proc"), _flows, _time), _time, list);
}
