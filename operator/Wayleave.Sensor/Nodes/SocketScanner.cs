using Wayleave.Ingest.V1;
using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Flows;

namespace Wayleave.Sensor.Nodes;

/// <summary>
/// Records connections that are open, as those that were opened before the sensor started. A connection whose local port is listened on
/// was opened by the other side, and is left out. Used by one thread.
/// </summary>
internal sealed class SocketScanner(ProcFiles files, FlowTable flows, TimeProvider time)
{
    private readonly HashSet<ushort> _listening = [];

    /// <summary>Reads the sockets of a network namespace.</summary>
    public void Scan(PodNamespace of)
    {
        _listening.Clear();
        ReadListening(of.Pid, isV6: false);
        ReadListening(of.Pid, isV6: true);
        ReadEstablished(of, isV6: false);
        ReadEstablished(of, isV6: true);
    }

    /// <summary>Records a connection, unless it does not leave the namespace.</summary>
    public void Record(Caller caller, Destination remote)
    {
        if (!remote.Address.IsLoopback && !remote.Address.IsEmpty)
        {
            flows.Record(
                new FlowKey(caller, remote, default, Source.SocketScan), Outcome.Connected, time.GetUtcNow().ToUnixTimeMilliseconds());
        }
    }

    // The kernel lists them first.
    private void ReadListening(int pid, bool isV6)
    {
        using var lines = files.OpenSockets(pid, isV6);
        while (lines.TryRead(out var line))
        {
            if (SocketLine.TryParse(line, out var socket))
            {
                if (socket.State != SocketState.Listen)
                {
                    return;
                }

                _listening.Add(socket.Local.Port);
            }
        }
    }

    private void ReadEstablished(PodNamespace of, bool isV6)
    {
        using var lines = files.OpenSockets(of.Pid, isV6);
        while (lines.TryRead(out var line))
        {
            if (SocketLine.TryParse(line, out var socket) && socket.State == SocketState.Established
                && !_listening.Contains(socket.Local.Port) && !of.Addresses.Contains(socket.Remote.Address))
            {
                Record(of.Caller, socket.Remote);
            }
        }
    }
}
