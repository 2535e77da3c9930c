using System.Collections.Frozen;
using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Dns;
using Wayleave.Sensor.Flows;
using Wayleave.Sensor.Nodes;
using Wayleave.Testing.Time;

namespace Wayleave.Sensor.Tests.Support;

/// <summary>
/// A node with the address 192.168.0.1 and Pods. Packets are given to the handler as the capture would. A Pod is known until its first
/// packet, and then confirmed by a scan.
/// </summary>
internal sealed class TestNode
{
    public const int PodInterface = 10;
    public const int Bridge = 3;
    public const int Uplink = 2;
    public const string NodeAddress = "192.168.0.1";

    private readonly List<(Address Address, Caller Caller)> _found = [];

    public TestNode()
    {
        Callers = new CallerDirectory(Time);
        Handler = new PacketHandler(new FlowTracker(Flows, Callers), Names, Callers);
        Scan();
    }

    public ManualTimeProvider Time { get; } = new();

    public FlowTable Flows { get; } = new();

    public NameTable Names { get; } = new();

    public CallerDirectory Callers { get; }

    public PacketHandler Handler { get; }

    public long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A new Pod that the next scan finds.</summary>
    public Caller AddPod(string address)
    {
        var caller = new Caller(Guid.NewGuid(), isHostNetwork: false) { FirstMs = NowMs, LastMs = NowMs, Addresses = [Address.Parse(address)] };
        _found.RemoveAll(item => item.Address == Address.Parse(address));
        _found.Add((Address.Parse(address), caller));
        return caller;
    }

    /// <summary>A Pod whose interface is known from an earlier call.</summary>
    public Caller AddKnownPod(string address, int @interface = PodInterface)
    {
        var caller = AddPod(address);
        Scan();
        Callers.FindClient(Address.Parse(address), @interface, NowMs, out _);
        Scan();
        return caller;
    }

    public void Scan()
    {
        _found.ForEach(item => item.Caller.LastMs = NowMs);
        Callers.Apply(_found, FrozenSet.Create(Address.Parse(NodeAddress)), Callers.TakeWaiting());
    }

    /// <summary>A packet enters the node through an interface.</summary>
    public void Enter(byte[] packet, int @interface = PodInterface) => Accept(packet, new Appearance(@interface, IsOutgoing: false));

    /// <summary>A packet leaves the node through an interface, or goes to a Pod.</summary>
    public void Leave(byte[] packet, int @interface = Uplink) => Accept(packet, new Appearance(@interface, IsOutgoing: true));

    public void Advance(TimeSpan by)
    {
        Time.Advance(by);
        Handler.NowMs = NowMs;
        Handler.Expire();
    }

    private void Accept(byte[] packet, Appearance appearance)
    {
        Handler.NowMs = NowMs;
        Handler.Accept(packet, appearance);
    }
}
