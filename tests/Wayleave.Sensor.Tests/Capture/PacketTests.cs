using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Tests.Support;
using static Wayleave.Sensor.Tests.Support.PacketBytes;

namespace Wayleave.Sensor.Tests.Capture;

public sealed class PacketTests
{
    [Theory]
    [InlineData("10.0.0.1:40000", "10.96.0.10:80")]
    [InlineData("[fd00::1]:40000", "[fd00::a]:80")]
    public void Reads_who_calls_whom(string from, string to)
    {
        Packet.TryParse(Tcp(from, to, Syn | EcnBits, sequence: 7), out var packet).ShouldBeTrue();
        packet.Source.ShouldBe(End(from));
        packet.Target.ShouldBe(End(to));
        packet.Sequence.ShouldBe(7u);
        (packet.IsSyn, packet.IsSynAck, packet.IsRefusal).ShouldBe((true, false, false));
    }

    [Fact]
    public void Tells_the_answers_to_a_syn_apart()
    {
        Packet.TryParse(Tcp("10.0.0.2:80", "10.0.0.1:40000", Syn | Ack, 5, 8), out var accepted).ShouldBeTrue();
        (accepted.IsSyn, accepted.IsSynAck, accepted.IsRefusal, accepted.Acknowledgment).ShouldBe((false, true, false, 8u));
        Packet.TryParse(Tcp("10.0.0.2:80", "10.0.0.1:40000", Rst | Ack, 0, 8), out var refused).ShouldBeTrue();
        (refused.IsSyn, refused.IsSynAck, refused.IsRefusal).ShouldBe((false, false, true));
    }

    [Fact]
    public void Leaves_the_padding_of_short_frames_out_of_the_payload()
    {
        byte[] padded = [.. Tcp("10.0.0.2:53", "10.0.0.1:40000", Ack), 0, 0, 0, 0, 0, 0];
        Packet.TryParse(padded, out var packet).ShouldBeTrue();
        packet.Payload.Length.ShouldBe(0);
    }

    [Fact]
    public void Never_throws_on_any_bytes()
    {
        var random = new Random(1);
        byte[][] seeds = [Tcp("10.0.0.1:1", "10.0.0.2:2", Syn), Tcp("[fd00::1]:1", "[fd00::2]:2", Syn), Udp("10.0.0.1:53", "10.0.0.2:2", new byte[20])];
        var parsed = 0;
        for (var run = 0; run < 300_000; run++)
        {
            var bytes = Mutation.Mutate(random, seeds[random.Next(seeds.Length)]);
            parsed += Packet.TryParse(bytes, out var packet) && packet.Payload.Length <= bytes.Length ? 1 : 0;
        }

        parsed.ShouldBeGreaterThan(0);
    }
}
