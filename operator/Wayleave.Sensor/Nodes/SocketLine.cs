using System.Runtime.InteropServices;
using Wayleave.Sensor.Capture;

namespace Wayleave.Sensor.Nodes;

/// <summary>The state of a TCP socket, with the numbers of the kernel.</summary>
internal enum SocketState : byte
{
    Established = 1,
    SynSent = 2,
    Listen = 10,
}

/// <summary>
/// A line of /proc/PID/net/tcp or tcp6: its number, the local and the remote address and port, the state, and more.
/// <code>   0: 0701F40A:C350 0A00600A:0050 01 00000000:00000000 ...</code>
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SocketLine(Destination Local, Destination Remote, SocketState State)
{
    /// <returns>False for the heading, and for a line that is cut off.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out SocketLine socket)
    {
        socket = default;
        if (!TryReadWord(ref line, out var number) || number.IsEmpty || number[^1] != ':'
            || !TryReadWord(ref line, out var local) || !TryReadWord(ref line, out var remote)
            || !TryReadWord(ref line, out var state)
            || !TryParseEnd(local, out var localEnd) || !TryParseEnd(remote, out var remoteEnd)
            || !HexParser.TryParse(state, out var value) || value > byte.MaxValue)
        {
            return false;
        }

        socket = new SocketLine(localEnd, remoteEnd, (SocketState)value);
        return true;
    }

    private static bool TryReadWord(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> word)
    {
        line = line.TrimStart((byte)' ');
        var length = line.IndexOf((byte)' ');
        word = length < 0 ? line : line[..length];
        line = line[word.Length..];
        return !word.IsEmpty;
    }

    private static bool TryParseEnd(ReadOnlySpan<byte> text, out Destination end)
    {
        end = default;
        var colon = text.IndexOf((byte)':');
        if (colon < 0 || !HexParser.TryParseAddress(text[..colon], out var address)
            || !HexParser.TryParse(text[(colon + 1)..], out var port) || port > ushort.MaxValue)
        {
            return false;
        }

        end = new Destination(address, (ushort)port);
        return true;
    }
}
