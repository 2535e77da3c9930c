using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Wayleave.Sensor.Capture;

/// <summary>
/// A packet socket whose packets the kernel writes into memory that it shares with this process (PACKET_RX_RING, TPACKET_V3). A receive
/// buffer is limited by net.core.rmem_max to some five hundred packets unless the process may administrate the network; the ring holds
/// thousands, and reading from it needs no system call for each packet.
/// </summary>
internal sealed unsafe partial class PacketRing : IDisposable
{
    private const int PacketLevel = 263;
    private const int RingOption = 5;
    private const int StatisticsOption = 6;
    private const int VersionOption = 10;
    private const int Version3 = 2;
    private const int SocketLevel = 1;
    private const int AttachFilterOption = 26;
    private const short EveryProtocol = 3;

    private const int BlockSize = 64 * 1024;
    private const int BlockCount = 16;
    private const int FrameSize = 2048;
    private const int RetireMilliseconds = 20;
    private const int RingSize = BlockSize * BlockCount;

    // Offsets in struct tpacket_block_desc and struct tpacket3_hdr.
    private const int BlockStatus = 8;
    private const int BlockPackets = 12;
    private const int BlockFirstPacket = 16;
    private const int PacketNext = 0;
    private const int PacketCaptured = 12;
    private const int PacketNetworkHeader = 26;
    private const int PacketAddress = 48;
    private const int AddressInterface = 4;
    private const int AddressPacketType = 10;
    private const byte OutgoingPacket = 4;
    private const uint OwnedByUser = 1;

    private readonly Socket _socket;
    private byte* _ring;
    private int _next;

    public PacketRing()
    {
        _socket = OpenSocket();
        try
        {
            AttachFilter();

            // Packets that were received before the ring exists are discarded by the kernel.
            _socket.SetRawSocketOption(PacketLevel, VersionOption, MemoryMarshal.AsBytes((ReadOnlySpan<int>)[Version3]));
            _socket.SetRawSocketOption(PacketLevel, RingOption, MemoryMarshal.AsBytes(
                (ReadOnlySpan<int>)[BlockSize, BlockCount, FrameSize, RingSize / FrameSize, RetireMilliseconds, 0, 0]));
            _ring = Map((int)_socket.Handle);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Called with a packet from its network header. The bytes are valid during the call only.</summary>
    public delegate void PacketAction(ReadOnlySpan<byte> bytes, Appearance appearance);

    /// <summary>Waits until there are packets, at most for the time given.</summary>
    public void Wait(TimeSpan timeout)
    {
        if (!IsReady())
        {
            _socket.Poll(timeout, SelectMode.SelectRead);
        }
    }

    /// <summary>Reads the packets of the next block, if it is ready.</summary>
    /// <returns>How many there were.</returns>
    public int ReadBlock(PacketAction action)
    {
        if (!IsReady())
        {
            return 0;
        }

        var block = _ring + ((long)_next * BlockSize);
        var count = *(uint*)(block + BlockPackets);
        var packet = block + *(uint*)(block + BlockFirstPacket);
        for (var index = 0u; index < count; index++)
        {
            var address = packet + PacketAddress;
            var bytes = new ReadOnlySpan<byte>(packet + *(ushort*)(packet + PacketNetworkHeader), *(int*)(packet + PacketCaptured));
            action(bytes, new Appearance(*(int*)(address + AddressInterface), address[AddressPacketType] == OutgoingPacket));
            packet += *(uint*)(packet + PacketNext);
        }

        // The kernel may fill it again.
        Volatile.Write(ref *(uint*)(block + BlockStatus), 0);
        _next = (_next + 1) % BlockCount;
        return (int)count;
    }

    /// <summary>How many packets there was no room for, since the last call.</summary>
    public uint TakeDropped()
    {
        // All packets, those that were dropped, and how often the ring was full.
        Span<uint> counts = stackalloc uint[3];
        _socket.GetRawSocketOption(PacketLevel, StatisticsOption, MemoryMarshal.AsBytes(counts));
        return counts[1];
    }

    public void Dispose()
    {
        if (_ring is not null)
        {
            _ = Unmap(_ring, RingSize);
            _ring = null;
        }

        _socket.Dispose();
    }

    private static Socket OpenSocket()
    {
        try
        {
            return new Socket(AddressFamily.Packet, SocketType.Dgram, (ProtocolType)IPAddress.HostToNetworkOrder(EveryProtocol));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AccessDenied || exception.NativeErrorCode == 1)
        {
            throw new CaptureException("packets cannot be captured: the process does not have the capability NET_RAW; add it, and run as user 0");
        }
    }

    private static byte* Map(int descriptor)
    {
        const int ReadWrite = 3;
        const int Shared = 1;
        var address = Map(null, RingSize, ReadWrite, Shared, descriptor, 0);
        return (nint)address == -1
            ? throw new CaptureException($"packets cannot be captured: mmap failed with error {Marshal.GetLastPInvokeError()}")
            : address;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial byte* Map(byte* address, nint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmap(byte* address, nint length);

    private bool IsReady() => (Volatile.Read(ref *(uint*)(_ring + ((long)_next * BlockSize) + BlockStatus)) & OwnedByUser) != 0;

    private void AttachFilter()
    {
        var program = PacketFilter.Create();
        fixed (PacketFilter.Instruction* first = program)
        {
            // struct sock_fprog: the length, padding, and the pointer.
            Span<ulong> option = [(ulong)program.Length, (ulong)first];
            _socket.SetRawSocketOption(SocketLevel, AttachFilterOption, MemoryMarshal.AsBytes(option));
        }
    }
}

/// <summary>Packets cannot be captured on this machine. The message says why.</summary>
internal sealed class CaptureException(string message) : Exception(message);
