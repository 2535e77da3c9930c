using System.Runtime.InteropServices;

namespace Wayleave.Sensor.Capture;

/// <summary>
/// The program of the kernel's packet filter (classic BPF), written by hand because the language of tcpdump does not look for TCP flags
/// in IPv6. Offsets count from the network header. It accepts, in IPv4 (no fragments but the first) and IPv6:
/// UDP from or to port 53, TCP from port 53, TCP with SYN whatever the ECN bits are, and TCP with RST and ACK and sequence 0, which is
/// how a SYN is refused.
/// </summary>
internal static class PacketFilter
{
    /// <summary>Bytes that are captured of a packet that opens or refuses a connection, or asks DNS: the longest headers.</summary>
    public const uint HandshakeBytes = 128;

    /// <summary>Bytes that are captured of a DNS answer.</summary>
    public const uint DnsBytes = 4096;

    private const uint AncillaryProtocol = 0xffff_f000;
    private const ushort LoadWord = 0x20;
    private const ushort LoadHalf = 0x28;
    private const ushort LoadByte = 0x30;
    private const ushort LoadIndexedWord = 0x40;
    private const ushort LoadIndexedHalf = 0x48;
    private const ushort LoadIndexedByte = 0x50;
    private const ushort LoadX = 0x01;
    private const ushort LoadXHeaderLength = 0xb1;
    private const ushort And = 0x54;
    private const ushort Jump = 0x05;
    private const ushort JumpEqual = 0x15;
    private const ushort JumpSet = 0x45;
    private const ushort Return = 0x06;

    public static Instruction[] Create() =>
    [
        new(LoadWord, 0, 0, AncillaryProtocol),
        new(JumpEqual, 2, 0, 0x0800),           //  1 IPv4: to 4
        new(JumpEqual, 9, 0, 0x86dd),           //  2 IPv6: to 12
        new(Return, 0, 0, 0),
        new(LoadHalf, 0, 0, 6),                 //  4 IPv4: fragment offset
        new(JumpSet, 24, 0, 0x1fff),            //  5 a later fragment: to 30
        new(LoadByte, 0, 0, 16),                //  6 destination
        new(JumpEqual, 22, 0, 127),             //  7 loopback: to 30
        new(LoadXHeaderLength, 0, 0, 0),        //  8 X = length of the IPv4 header
        new(LoadByte, 0, 0, 9),                 //  9 protocol
        new(JumpEqual, 4, 0, 17),               // 10 UDP: to 15
        new(JumpEqual, 5, 18, 6),               // 11 TCP: to 17, else 30
        new(LoadX, 0, 0, 40),                   // 12 IPv6: X = length of the header
        new(LoadByte, 0, 0, 6),                 // 13 next header
        new(JumpEqual, 0, 1, 17),               // 14 UDP: to 15, else 16
        new(Jump, 0, 0, 10),                    // 15 to 26
        new(JumpEqual, 0, 13, 6),               // 16 TCP: to 17, else 30
        new(LoadIndexedHalf, 0, 0, 0),          // 17 TCP: source port
        new(JumpEqual, 12, 0, 53),              // 18 DNS: to 31
        new(LoadIndexedByte, 0, 0, 13),         // 19 flags
        new(JumpSet, 11, 0, 0x02),              // 20 SYN: to 32
        new(And, 0, 0, 0x14),                   // 21
        new(JumpEqual, 0, 7, 0x14),             // 22 RST and ACK: to 23, else 30
        new(LoadIndexedWord, 0, 0, 4),          // 23 sequence
        new(JumpEqual, 7, 5, 0),                // 24 0: to 32, else 30
        new(Return, 0, 0, 0),                   // 25
        new(LoadIndexedHalf, 0, 0, 0),          // 26 UDP: source port
        new(JumpEqual, 3, 0, 53),               // 27 an answer of DNS: to 31
        new(LoadIndexedHalf, 0, 0, 2),          // 28 UDP: destination port
        new(JumpEqual, 2, 0, 53),               // 29 a question of DNS: to 32
        new(Return, 0, 0, 0),                   // 30
        new(Return, 0, 0, DnsBytes),            // 31
        new(Return, 0, 0, HandshakeBytes),      // 32
    ];

    /// <summary>An instruction as the kernel has it (struct sock_filter).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);
}
