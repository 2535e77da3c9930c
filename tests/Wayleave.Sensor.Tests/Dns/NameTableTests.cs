using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Dns;
using Wayleave.Sensor.Nodes;
using Wayleave.Sensor.Tests.Support;

namespace Wayleave.Sensor.Tests.Dns;

public sealed class NameTableTests
{
    private const long Minute = 60_000;
    private readonly NameTable _names = new();
    private readonly Caller _caller = new(Guid.NewGuid(), isHostNetwork: false);

    [Fact]
    public void Reports_a_name_when_it_is_new_or_has_new_addresses()
    {
        Record("api.example.com", "192.0.2.1", 1);
        _names.Report(10).ShouldBe(["api.example.com 192.0.2.1"]);
        Record("api.example.com", "192.0.2.1", 11);
        _names.Report(20).ShouldBeEmpty();
        Record("api.example.com", "192.0.2.2", 21);
        _names.Report(30).ShouldBe(["api.example.com 192.0.2.2 192.0.2.1"]);
    }

    [Fact]
    public void Reports_a_name_again_before_the_mapper_forgets_it()
    {
        Record("api.example.com", "192.0.2.1", 1);
        _names.Report(10);
        _names.Report(6 * Minute).ShouldBeEmpty("nobody asked since");
        Record("api.example.com", "192.0.2.1", 6 * Minute);
        _names.Report(6 * Minute).ShouldBe(["api.example.com 192.0.2.1"]);
    }

    [Fact]
    public void Reports_everything_that_it_remembers_when_the_mapper_asks()
    {
        Record("api.example.com", "192.0.2.1", 1);
        _names.Report(10);
        _names.MarkAllDue();
        _names.Report(20).Count.ShouldBe(1);
    }

    [Fact]
    public void Keeps_the_newest_addresses()
    {
        for (var index = 0; index < DnsAnswer.MaxAddresses; index++)
        {
            Record("cdn.example.com", $"192.0.2.{index}", 1);
        }

        Record("cdn.example.com", "192.0.2.0", 1);
        Record("cdn.example.com", "192.0.2.200", 1);

        var reported = _names.Report().Single().Split(' ');
        reported.Length.ShouldBe(1 + DnsAnswer.MaxAddresses);
        reported[1..4].ShouldBe(["192.0.2.200", "192.0.2.0", $"192.0.2.{DnsAnswer.MaxAddresses - 1}"]);
        reported.ShouldNotContain("192.0.2.1");
    }

    [Fact]
    public void Has_something_new_until_it_is_reported_unless_addresses_change_all_the_time()
    {
        _names.HasNew.ShouldBeFalse();
        for (var index = 0; index < DnsAnswer.MaxAddresses; index++)
        {
            Record("cdn.example.com", $"192.0.2.{index}", 1);
            _names.HasNew.ShouldBeTrue();
            _names.Report(10);
            _names.HasNew.ShouldBeFalse();
        }

        Record("cdn.example.com", "192.0.2.0", 1);
        Record("cdn.example.com", "192.0.2.200", 1);
        _names.HasNew.ShouldBeFalse();
    }

    [Fact]
    public void Counts_names_beyond_its_limits_and_makes_room_after_an_hour()
    {
        for (var index = 0; index < NameTable.MaxNamesOfCaller + 3; index++)
        {
            Record($"name-{index}.example.com", "192.0.2.1", 1);
        }

        _names.TakeMerged().ShouldBe(3);
        _names.Report(10).Count.ShouldBe(NameTable.MaxNamesOfCaller);
        _names.Report(61 * Minute).ShouldBeEmpty();
        Record("new.example.com", "192.0.2.1", 61 * Minute);
        _names.TakeMerged().ShouldBe(0);
    }

    [Fact]
    public void Names_are_those_of_the_recipient_and_not_of_the_server()
    {
        var node = new TestNode();
        node.AddKnownPod("10.0.0.5");
        var answer = new DnsBytes("api.example.com").WithAddress("api.example.com", "192.0.2.1");
        Ask(node);
        node.Enter(PacketBytes.Tcp("10.0.0.5:40000", "10.96.0.10:53", PacketBytes.Syn, 5));
        node.Enter(PacketBytes.Udp("10.0.0.2:53", "10.0.0.5:40000", answer.ToArray()), 20);
        node.Leave(PacketBytes.Udp("10.96.0.10:53", "10.0.0.5:40000", answer.ToArray()), TestNode.PodInterface);
        node.Leave(PacketBytes.Tcp("10.96.0.10:53", "10.0.0.5:40000", PacketBytes.Ack, 5, 6, answer.ToSegment()), TestNode.PodInterface);
        node.Leave(PacketBytes.Udp("10.96.0.10:53", "10.0.9.9:40000", answer.ToArray()), TestNode.Uplink);
        node.Names.Report().ShouldBe(["api.example.com 192.0.2.1"]);
    }

    [Fact]
    public void Keeps_an_answer_until_its_recipient_is_found()
    {
        var node = new TestNode();
        var answer = new DnsBytes("api.example.com").WithAddress("api.example.com", "192.0.2.1");
        Ask(node);
        node.Leave(PacketBytes.Udp("10.96.0.10:53", "10.0.0.5:40000", answer.ToArray()), TestNode.PodInterface);
        node.AddPod("10.0.0.5");
        node.Scan();
        node.Advance(TimeSpan.FromSeconds(1));
        node.Names.Report().ShouldBe(["api.example.com 192.0.2.1"]);
    }

    [Fact]
    public void Counts_answers_that_cannot_be_read()
    {
        var node = new TestNode();
        node.AddKnownPod("10.0.0.5");
        Ask(node);
        node.Leave(PacketBytes.Udp("10.96.0.10:53", "10.0.0.5:40000", [0x12, 0x34, 3]), TestNode.PodInterface);
        node.Handler.TakeUnparsed().ShouldBe(1);
    }

    [Theory]
    [InlineData("10.96.0.10:53", "10.0.0.5:40001", TestNode.PodInterface)]
    [InlineData("10.0.7.7:53", "10.0.0.5:40000", TestNode.PodInterface)]
    [InlineData("10.96.0.10:53", "10.0.0.6:40000", TestNode.PodInterface + 1)]
    public void Ignores_an_answer_that_its_recipient_did_not_ask_for(string server, string recipient, int @interface)
    {
        var node = new TestNode();
        node.AddKnownPod("10.0.0.5");
        node.AddKnownPod("10.0.0.6", TestNode.PodInterface + 1);
        Ask(node);
        var forged = new DnsBytes("api.example.com").WithAddress("api.example.com", "192.0.2.66");

        node.Leave(PacketBytes.Udp(server, recipient, forged.ToArray()), @interface);
        node.Leave(PacketBytes.Tcp(server, recipient, PacketBytes.Ack, 5, 6, forged.ToSegment()), @interface);
        node.Names.Report().ShouldBeEmpty();

        // With another ID.
        byte[] other = [0, 1, .. forged.ToArray()[2..]];
        node.Leave(PacketBytes.Udp("10.96.0.10:53", "10.0.0.5:40000", other), TestNode.PodInterface);
        node.Advance(TimeSpan.FromSeconds(61));
        node.Leave(PacketBytes.Udp("10.96.0.10:53", "10.0.0.5:40000", forged.ToArray()), TestNode.PodInterface);
        node.Names.Report().ShouldBeEmpty();
    }

    [Fact]
    public void A_Pod_that_asks_much_does_not_hide_the_answers_of_another()
    {
        var node = new TestNode();
        node.AddKnownPod("10.0.0.5");
        node.AddKnownPod("10.0.0.6", TestNode.PodInterface + 1);
        Ask(node);
        for (var port = 1; port <= 50_000; port++)
        {
            node.Enter(PacketBytes.Udp($"10.0.0.6:{port}", "10.96.0.10:53", [0x12, 0x34]), TestNode.PodInterface + 1);
        }

        var answer = new DnsBytes("api.example.com").WithAddress("api.example.com", "192.0.2.1");
        node.Leave(PacketBytes.Udp("10.96.0.10:53", "10.0.0.5:40000", answer.ToArray()), TestNode.PodInterface);
        node.Names.Report().ShouldBe(["api.example.com 192.0.2.1"]);
    }

    // With the ID of the answers.
    private static void Ask(TestNode node) =>
        node.Enter(PacketBytes.Udp("10.0.0.5:40000", "10.96.0.10:53", [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]));

    private void Record(string name, string address, long atMs) => _names.Record(_caller, name, [Address.Parse(address)], 60, atMs);
}
