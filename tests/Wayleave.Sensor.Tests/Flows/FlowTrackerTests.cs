using System.Collections.Frozen;
using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Flows;
using Wayleave.Sensor.Nodes;
using Wayleave.Sensor.Tests.Support;
using static Wayleave.Sensor.Tests.Support.PacketBytes;

namespace Wayleave.Sensor.Tests.Flows;

public sealed class FlowTrackerTests
{
    private const string Client = "10.0.0.5:40000";
    private const string Service = "10.96.0.10:80";
    private const string Backend = "10.0.1.7:8080";

    private readonly TestNode _node = new();

    [Fact]
    public void Pairs_the_address_as_called_with_the_backend_behind_it()
    {
        _node.AddKnownPod("10.0.0.5");
        _node.Enter(Tcp(Client, Service, Syn, 7));
        _node.Leave(Tcp(Client, Backend, Syn, 7));
        _node.Enter(Tcp(Backend, Client, Syn | Ack, 1, 8), TestNode.Uplink);
        _node.Leave(Tcp(Service, Client, Syn | Ack, 1, 8), TestNode.PodInterface);
        _node.Flows.Report().ShouldBe(["10.96.0.10:80 -> 10.0.1.7:8080 connected 1, refused 0, unanswered 0"]);
    }

    [Fact]
    public void Pairs_IPv6()
    {
        _node.AddKnownPod("fd00::5");
        _node.Enter(Tcp("[fd00::5]:40000", "[fd00:96::a]:80", Syn | EcnBits, 7));
        _node.Leave(Tcp("[fd00::5]:40000", "[fd00:1::7]:8080", Syn | EcnBits, 7));
        _node.Leave(Tcp("[fd00:96::a]:80", "[fd00::5]:40000", Syn | Ack, 1, 8), TestNode.PodInterface);
        _node.Flows.Report().ShouldBe(["[fd00:96::a]:80 -> [fd00:1::7]:8080 connected 1, refused 0, unanswered 0"]);
    }

    [Fact]
    public void Pairs_a_call_whose_client_was_masqueraded_and_does_not_count_it_for_the_node()
    {
        _node.AddKnownPod("10.0.0.5");
        _node.Enter(Tcp(Client, Service, Syn, 7));
        _node.Leave(Tcp($"{TestNode.NodeAddress}:61000", Backend, Syn, 7));
        _node.Enter(Tcp(Backend, $"{TestNode.NodeAddress}:61000", Syn | Ack, 1, 8), TestNode.Uplink);
        _node.Leave(Tcp(Service, Client, Syn | Ack, 1, 8), TestNode.PodInterface);
        _node.Advance(TimeSpan.FromSeconds(20));
        _node.Flows.Report().ShouldBe(["10.96.0.10:80 -> 10.0.1.7:8080 connected 1, refused 0, unanswered 0"]);
    }

    [Fact]
    public void Counts_a_reset_as_refused()
    {
        _node.AddKnownPod("10.0.0.5");
        _node.Enter(Tcp(Client, Backend, Syn, 7));
        _node.Leave(Tcp(Client, Backend, Syn, 7));
        _node.Leave(Tcp(Backend, Client, Rst | Ack, 0, 8), TestNode.PodInterface);
        _node.Flows.Report().ShouldBe(["10.0.1.7:8080 -> 10.0.1.7:8080 connected 0, refused 1, unanswered 0"]);
    }

    [Fact]
    public void Counts_a_call_without_an_answer_in_ten_seconds_as_unanswered_and_its_retransmits_once()
    {
        _node.AddKnownPod("10.0.0.5");
        _node.Enter(Tcp(Client, Backend, Syn, 7));
        _node.Advance(TimeSpan.FromSeconds(1));
        _node.Enter(Tcp(Client, Backend, Syn, 7));
        _node.Advance(TimeSpan.FromSeconds(8));
        _node.Flows.Report().ShouldBeEmpty();
        _node.Advance(TimeSpan.FromSeconds(1));
        _node.Flows.Report().ShouldBe(["10.0.1.7:8080 -> ? connected 0, refused 0, unanswered 1"]);
    }

    [Fact]
    public void Ignores_clients_of_other_nodes()
    {
        _node.AddKnownPod("10.0.0.5");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            _node.Enter(Tcp("10.0.9.9:40000", "10.0.0.5:80", Syn, 7), TestNode.Uplink);
            _node.Leave(Tcp("10.0.9.9:40000", "10.0.0.5:80", Syn, 7), TestNode.PodInterface);
            _node.Leave(Tcp("10.0.0.5:80", "10.0.9.9:40000", Syn | Ack, 1, 8));
            _node.Scan();
            _node.Advance(TimeSpan.FromSeconds(11));
        }

        _node.Flows.Report().ShouldBeEmpty();
        _node.Callers.HasWaiting.ShouldBeFalse("the uplink is known to lead to other nodes");
    }

    [Fact]
    public void Ignores_answers_without_a_pending_call()
    {
        _node.AddKnownPod("10.0.0.5");
        _node.Leave(Tcp(Service, Client, Syn | Ack, 1, 8), TestNode.PodInterface);
        _node.Leave(Tcp(Service, Client, Rst | Ack, 0, 8), TestNode.PodInterface);
        _node.Flows.Report().ShouldBeEmpty();
    }

    [Fact]
    public void Attributes_a_call_of_a_new_pod_when_a_scan_has_found_it()
    {
        _node.Enter(Tcp(Client, Backend, Syn, 7));
        _node.Leave(Tcp(Backend, Client, Syn | Ack, 1, 8), TestNode.PodInterface);
        _node.Callers.HasWaiting.ShouldBeTrue();
        _node.AddPod("10.0.0.5");
        _node.Scan();
        _node.Advance(TimeSpan.FromSeconds(1));
        _node.Flows.Report().ShouldBe(["10.0.1.7:8080 -> ? connected 1, refused 0, unanswered 0"]);
    }

    [Fact]
    public void Attributes_a_call_to_the_pod_that_has_the_address_now()
    {
        var earlier = _node.AddKnownPod("10.0.0.5", 10);
        _node.Time.Advance(TimeSpan.FromSeconds(5));
        var later = _node.AddPod("10.0.0.5");
        _node.Enter(Tcp(Client, Backend, Syn, 7), 11);
        _node.Leave(Tcp(Backend, Client, Syn | Ack, 1, 8), 11);
        _node.Scan();
        _node.Advance(TimeSpan.FromSeconds(1));
        Callers().ShouldBe([later]);
        earlier.ShouldNotBe(later);
    }

    [Fact]
    public void Attributes_calls_of_the_node_to_the_pod_of_the_socket()
    {
        var pod = new Caller(Guid.NewGuid(), isHostNetwork: true);
        _node.Callers.CanIdentifyHostSockets = true;
        _node.Leave(Tcp($"{TestNode.NodeAddress}:40000", Backend, Syn, 7));
        _node.Callers.IsHostScanRequested.ShouldBeTrue();
        _node.Callers.ApplyHostSockets(
            new Dictionary<Destination, Caller> { [End($"{TestNode.NodeAddress}:40000")] = pod }.ToFrozenDictionary(), _node.NowMs + 1);
        _node.Enter(Tcp(Backend, $"{TestNode.NodeAddress}:40000", Syn | Ack, 1, 8), TestNode.Uplink);
        Callers().ShouldBe([pod]);
    }

    [Fact]
    public void Attributes_calls_of_the_node_to_the_node_where_the_kernel_does_not_tell_the_pod()
    {
        _node.Leave(Tcp($"{TestNode.NodeAddress}:40000", Backend, Syn, 7));
        _node.Enter(Tcp(Backend, $"{TestNode.NodeAddress}:40000", Syn | Ack, 1, 8), TestNode.Uplink);
        Callers().ShouldBe([_node.Callers.Node]);
    }

    [Fact]
    public void Is_bounded_without_answers()
    {
        _node.AddKnownPod("10.0.0.5");
        for (var sequence = 1u; sequence <= PendingCallTable.Capacity + 100u; sequence++)
        {
            _node.Enter(Tcp(Client, Backend, Syn, sequence));
        }

        _node.Flows.TakeMerged().ShouldBe(100);
        _node.Advance(TimeSpan.FromSeconds(10));
        _node.Flows.Report().ShouldBe([$"10.0.1.7:8080 -> ? connected 0, refused 0, unanswered {PendingCallTable.Capacity}"]);
    }

    [Fact]
    public void Allocates_nothing_for_the_packets_of_known_flows()
    {
        _node.AddKnownPod("10.0.0.5");
        var (syn, second, answer) = (Tcp(Client, Service, Syn, 7), Tcp(Client, Backend, Syn, 7), Tcp(Service, Client, Syn | Ack, 1, 8));
        for (var call = 0; call < 1000; call++)
        {
            Call();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 10_000; call++)
        {
            Call();
        }

        // The runtime itself allocates a little while it compiles what runs often.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000);

        void Call()
        {
            _node.Handler.Accept(syn, new Appearance(TestNode.PodInterface, IsOutgoing: false));
            _node.Handler.Accept(second, new Appearance(TestNode.Uplink, IsOutgoing: true));
            _node.Handler.Accept(answer, new Appearance(TestNode.PodInterface, IsOutgoing: true));
        }
    }

    private List<Caller> Callers()
    {
        var callers = new List<Caller>();
        _node.Flows.Collect(_node.NowMs, 100, (key, _) => callers.Add(key.Caller));
        return callers;
    }
}
