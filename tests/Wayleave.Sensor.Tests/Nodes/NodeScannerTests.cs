using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Flows;
using Wayleave.Sensor.Nodes;
using Wayleave.Sensor.Tests.Support;
using Wayleave.Testing.Time;

namespace Wayleave.Sensor.Tests.Nodes;

public sealed class NodeScannerTests : IDisposable
{
    private const string FirstUid = "11111111-38b5-4d7d-9a4b-2f3c4d5e6f70";
    private const string SecondUid = "22222222-38b5-4d7d-9a4b-2f3c4d5e6f70";
    private readonly FakeProc _proc = new();
    private readonly ManualTimeProvider _time = new();
    private readonly CallerDirectory _callers;
    private readonly NodeScanner _scanner;

    public NodeScannerTests()
    {
        _callers = new CallerDirectory(_time);
        _scanner = new NodeScanner(new ProcFiles(_proc.Folder), _callers, _time);
    }

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void Finds_pods_and_the_addresses_of_the_node()
    {
        AddPod("100", "10.0.0.5", FirstUid);
        _proc.AddProcess("101", "ns-100", "/");
        _scanner.ScanAll();
        _callers.IsNodeAddress(Address.Parse("192.168.0.1")).ShouldBeTrue();
        Find("10.0.0.5")!.PodUid.ShouldBe(Guid.Parse(FirstUid));
        Find("10.0.0.5")!.Addresses.ShouldBe([Address.Parse("10.0.0.5")]);
        _scanner.Namespaces.Count.ShouldBe(1);
    }

    [Fact]
    public void Finds_the_pod_although_its_first_process_is_outside_of_its_cgroup()
    {
        _proc.AddNamespace("ns", "10.0.0.5");
        _proc.AddProcess("100", "ns", "/");
        _proc.AddProcess("101", "ns", $"/kubepods/pod{FirstUid}/x");
        _scanner.ScanAll();
        Find("10.0.0.5")!.PodUid.ShouldBe(Guid.Parse(FirstUid));
    }

    [Fact]
    public void A_quick_scan_finds_new_pods()
    {
        _scanner.ScanAll();
        AddPod("100", "10.0.0.5", FirstUid);
        _scanner.ScanNew();
        Find("10.0.0.5")!.PodUid.ShouldBe(Guid.Parse(FirstUid));
    }

    [Fact]
    public void A_quick_scan_gives_a_reused_address_to_the_new_pod()
    {
        AddPod("100", "10.0.0.5", FirstUid);
        _scanner.ScanAll();
        _proc.RemoveProcess("100");
        AddPod("101", "10.0.0.5", SecondUid);
        _scanner.ScanNew();
        Find("10.0.0.5")!.PodUid.ShouldBe(Guid.Parse(SecondUid));
    }

    [Fact]
    public void Stays_the_same_caller_from_scan_to_scan()
    {
        AddPod("100", "10.0.0.5", FirstUid);
        _scanner.ScanAll();
        var before = Find("10.0.0.5");
        _time.Advance(TimeSpan.FromSeconds(30));
        _scanner.ScanAll();
        Find("10.0.0.5").ShouldBe(before);
    }

    [Fact]
    public void Forgets_a_pod_two_minutes_after_its_end()
    {
        AddPod("100", "10.0.0.5", FirstUid);
        _scanner.ScanAll();
        _proc.RemoveProcess("100");
        _time.Advance(TimeSpan.FromSeconds(60));
        _scanner.ScanAll();
        Find("10.0.0.5").ShouldNotBeNull("its last calls may still wait for their end");
        _time.Advance(TimeSpan.FromSeconds(61));
        _scanner.ScanAll();
        Find("10.0.0.5").ShouldBeNull();
    }

    [Fact]
    public void Records_open_connections_that_the_pod_opened()
    {
        _proc.AddNamespace(
            "ns", "10.0.0.5",
            "   0: 00000000:1F90 00000000:0000 0A 0:0",
            "   1: 0500000A:C350 0A00600A:0050 01 0:0", // to 10.96.0.10:80
            "   2: 0500000A:1F90 0900000A:D000 01 0:0", // from 10.0.0.9, to the port that is listened on
            "   3: 0100007F:C351 0100007F:2382 01 0:0", // loopback
            "   4: 0500000A:C352 0A00600A:0051 06 0:0"); // closed
        _proc.AddProcess("100", "ns", $"/kubepods/pod{FirstUid}/x");
        _scanner.ScanAll();
        var flows = new FlowTable();
        new SocketScanner(new ProcFiles(_proc.Folder), flows, _time).Scan(_scanner.Namespaces.Single());
        flows.Report(_time.GetUtcNow().ToUnixTimeMilliseconds()).ShouldBe(["10.96.0.10:80 -> ? connected 1, refused 0, unanswered 0"]);
    }

    private void AddPod(string pid, string address, string uid)
    {
        _proc.AddNamespace($"ns-{pid}", address);
        _proc.AddProcess(pid, $"ns-{pid}", $"/kubepods/burstable/pod{uid}/x");
    }

    // As a packet through an interface would.
    private Caller? Find(string address)
    {
        _callers.FindClient(Address.Parse(address), 7, _time.GetUtcNow().ToUnixTimeMilliseconds(), out _);
        _callers.Apply([], null, _callers.TakeWaiting());
        return _callers.FindConfirmed(Address.Parse(address));
    }
}
