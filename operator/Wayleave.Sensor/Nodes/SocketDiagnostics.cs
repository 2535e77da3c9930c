using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Wayleave.Sensor.Capture;

namespace Wayleave.Sensor.Nodes;

/// <summary>A TCP socket of the node, with the control group of the process that opened it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HostSocket(SocketLine Ends, ulong Cgroup);

/// <summary>
/// Lists the TCP sockets in the network namespace of the sensor (NETLINK_SOCK_DIAG). Needs no right. The kernel tells the control group of
/// each in its version 2; in version 1 the number is 1 for all of them.
/// </summary>
internal static unsafe partial class SocketDiagnostics
{
    private const int NetlinkFamily = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int SocketDiagnosticsProtocol = 4;
    private const int MaxMessages = 10_000;

    /// <summary>Lists sockets in the states that <see cref="SocketDiagnosticsMessage.CreateRequest"/> asks for.</summary>
    /// <exception cref="Win32Exception">The kernel does not allow it.</exception>
    public static List<HostSocket> List()
    {
        var sockets = new List<HostSocket>();
        var descriptor = Open(NetlinkFamily, RawCloseOnExec, SocketDiagnosticsProtocol);
        if (descriptor < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        try
        {
            List(descriptor, isV6: false, sockets);
            List(descriptor, isV6: true, sockets);
        }
        finally
        {
            _ = Close(descriptor);
        }

        return sockets;
    }

    private static void List(int descriptor, bool isV6, List<HostSocket> sockets)
    {
        const int BufferSize = 32 * 1024;
        var request = SocketDiagnosticsMessage.CreateRequest(isV6);
        var buffer = new byte[BufferSize];
        fixed (byte* first = request, bytes = buffer)
        {
            if (Send(descriptor, first, request.Length, 0) < 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }

            for (var message = 0; message < MaxMessages; message++)
            {
                var length = (int)Receive(descriptor, bytes, BufferSize, 0);
                if (length < 0)
                {
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                }

                if (SocketDiagnosticsMessage.Read(buffer.AsSpan(0, length), sockets))
                {
                    return;
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Send(int descriptor, byte* bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Receive(int descriptor, byte* bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}

/// <summary>Writes and reads messages of NETLINK_SOCK_DIAG (struct inet_diag_req_v2, struct inet_diag_msg).</summary>
internal static class SocketDiagnosticsMessage
{
    private const int HeaderLength = 16;
    private const int RequestLength = HeaderLength + 56;
    private const int SocketLength = 72;
    private const ushort SocketDiagByFamily = 20;
    private const ushort ErrorType = 2;
    private const ushort DoneType = 3;
    private const ushort RequestDumpFlags = 0x301;
    private const byte InterNetwork = 2;
    private const byte InterNetworkV6 = 10;
    private const byte Tcp = 6;
    private const ushort CgroupAttribute = 21;
    private const uint WantedStates =
        (1u << (int)SocketState.Established) | (1u << (int)SocketState.SynSent) | (1u << (int)SocketState.Listen);

    public static byte[] CreateRequest(bool isV6)
    {
        var request = new byte[RequestLength];
        BinaryPrimitives.WriteInt32LittleEndian(request, RequestLength);
        BinaryPrimitives.WriteUInt16LittleEndian(request.AsSpan(4), SocketDiagByFamily);
        BinaryPrimitives.WriteUInt16LittleEndian(request.AsSpan(6), RequestDumpFlags);
        request[HeaderLength] = isV6 ? InterNetworkV6 : InterNetwork;
        request[HeaderLength + 1] = Tcp;
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(HeaderLength + 4), WantedStates);
        return request;
    }

    /// <summary>Adds the sockets of the messages.</summary>
    /// <returns>True if the list is complete, or the kernel refused it.</returns>
    public static bool Read(ReadOnlySpan<byte> messages, List<HostSocket> sockets)
    {
        while (messages.Length >= HeaderLength)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(messages);
            var type = BinaryPrimitives.ReadUInt16LittleEndian(messages[4..]);
            if (type is DoneType or ErrorType || length < HeaderLength || length > messages.Length)
            {
                return true;
            }

            if (type == SocketDiagByFamily && TryReadSocket(messages[HeaderLength..length], out var socket))
            {
                sockets.Add(socket);
            }

            messages = messages[Math.Min(Align(length), messages.Length)..];
        }

        // Nothing at all is the end, too: the socket would have nothing more to say.
        return messages.Length > 0;
    }

    private static bool TryReadSocket(ReadOnlySpan<byte> message, out HostSocket socket)
    {
        socket = default;
        if (message.Length < SocketLength)
        {
            return false;
        }

        var size = message[0] == InterNetwork ? 4 : 16;
        var local = new Destination(Address.Read(message.Slice(8, size)), BinaryPrimitives.ReadUInt16BigEndian(message[4..]));
        var remote = new Destination(Address.Read(message.Slice(24, size)), BinaryPrimitives.ReadUInt16BigEndian(message[6..]));
        socket = new HostSocket(new SocketLine(local, remote, (SocketState)message[1]), FindCgroup(message[SocketLength..]));
        return true;
    }

    private static ulong FindCgroup(ReadOnlySpan<byte> attributes)
    {
        const int AttributeHeader = 4;
        while (attributes.Length >= AttributeHeader)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            var type = BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]);
            if (length < AttributeHeader || length > attributes.Length)
            {
                return 0;
            }

            if (type == CgroupAttribute && length >= AttributeHeader + sizeof(ulong))
            {
                return BinaryPrimitives.ReadUInt64LittleEndian(attributes[AttributeHeader..]);
            }

            attributes = attributes[Math.Min(Align(length), attributes.Length)..];
        }

        return 0;
    }

    private static int Align(int length) => (length + 3) & ~3;
}
