using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Tests.Support;
using static Wayleave.Sensor.Tests.Support.PacketBytes;

namespace Wayleave.Sensor.Tests.Capture;

public sealed class PacketFilterTests
{
    public static TheoryData<string, string> Families => new()
    {
        { "10.0.0.1", "10.0.0.2" },
        { "[fd00::1]", "[fd00::2]" },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void Accepts_packets_that_open_or_refuse_connections(string from, string to)
    {
        Run(Tcp($"{from}:40000", $"{to}:80", Syn)).ShouldBe(PacketFilter.HandshakeBytes);
        Run(Tcp($"{from}:40000", $"{to}:80", Syn | EcnBits)).ShouldBe(PacketFilter.HandshakeBytes);
        Run(Tcp($"{from}:80", $"{to}:40000", Syn | Ack)).ShouldBe(PacketFilter.HandshakeBytes);
        Run(Tcp($"{from}:80", $"{to}:40000", Rst | Ack)).ShouldBe(PacketFilter.HandshakeBytes);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Accepts_dns_answers_whole(string from, string to)
    {
        Run(Udp($"{from}:53", $"{to}:40000", new byte[12])).ShouldBe(PacketFilter.DnsBytes);
        Run(Tcp($"{from}:53", $"{to}:40000", Ack, payload: new byte[40])).ShouldBe(PacketFilter.DnsBytes);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Accepts_the_headers_of_dns_questions(string from, string to) =>
        Run(Udp($"{from}:40000", $"{to}:53", new byte[12])).ShouldBe(PacketFilter.HandshakeBytes);

    [Theory]
    [MemberData(nameof(Families))]
    public void Rejects_everything_else(string from, string to)
    {
        Run(Tcp($"{from}:40000", $"{to}:80", Ack, payload: new byte[40])).ShouldBe(0u);
        Run(Tcp($"{from}:40000", $"{to}:53", Ack)).ShouldBe(0u);
        Run(Tcp($"{from}:80", $"{to}:40000", Rst)).ShouldBe(0u);
        Run(Tcp($"{from}:80", $"{to}:40000", Rst | Ack, sequence: 7)).ShouldBe(0u, "the end of a connection that was open");
        Run(Udp($"{from}:40000", $"{to}:54", new byte[12])).ShouldBe(0u);
    }

    [Fact]
    public void Rejects_later_fragments_loopback_and_other_protocols()
    {
        Run(AsLaterFragment(Tcp("10.0.0.1:40000", "10.0.0.2:80", Syn))).ShouldBe(0u);
        Run(Tcp("127.0.0.1:40000", "127.0.0.1:80", Syn)).ShouldBe(0u);
        var icmp = Tcp("10.0.0.1:40000", "10.0.0.2:80", Syn);
        icmp[9] = 1;
        Run(icmp).ShouldBe(0u);
        Run([0, 1, 8, 0, 6, 4, 0, 1]).ShouldBe(0u, "ARP");
    }

    [Fact]
    public void Finds_the_port_behind_the_options_of_the_header()
    {
        var packet = Udp("10.0.0.1:53", "10.0.0.2:40000", new byte[12]);
        byte[] longer = [0x46, .. packet[1..20], 0, 0, 0, 0, .. packet[20..]];
        Run(longer).ShouldBe(PacketFilter.DnsBytes);
    }

    private static uint Run(byte[] packet) => FilterMachine.Run(PacketFilter.Create(), packet);
}
