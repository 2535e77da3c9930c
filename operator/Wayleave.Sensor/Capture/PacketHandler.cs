using System.Buffers.Binary;
using Wayleave.Sensor.Dns;
using Wayleave.Sensor.Flows;
using Wayleave.Sensor.Nodes;

namespace Wayleave.Sensor.Capture;

/// <summary>
/// Passes packets on to the flows and the names. Used by the thread that reads packets; allocates nothing for a packet unless it brings a
/// name that is not known.
/// </summary>
internal sealed class PacketHandler(FlowTracker tracker, NameTable names, CallerDirectory callers)
{
    private const int DnsPort = 53;

    private readonly HeldAnswerBuffer _held = new(names, callers);
    private readonly QueryTable _queries = new();
    private long _unparsed;

    /// <summary>The time of the packets, in milliseconds since 1970.</summary>
    public long NowMs { get; set; }

    /// <summary>How many packets could not be read, since the last call. Thread-safe.</summary>
    public long TakeUnparsed() => Interlocked.Exchange(ref _unparsed, 0);

    public void Accept(ReadOnlySpan<byte> bytes, Appearance appearance)
    {
        if (!Packet.TryParse(bytes, out var packet))
        {
            Interlocked.Increment(ref _unparsed);
            return;
        }

        if (packet.IsTcp)
        {
            tracker.Accept(packet, appearance, NowMs);
        }

        if (packet.Target.Port == DnsPort && !appearance.IsOutgoing && (packet.IsTcp ? packet.IsSyn : HasId(packet)))
        {
            _queries.Add(appearance.Interface, new DnsQuery(packet.Source, packet.Target.Address, IdOf(packet), packet.IsTcp), NowMs);
        }

        if (packet.Source.Port == DnsPort && !packet.Payload.IsEmpty)
        {
            AcceptDns(packet, appearance);
        }
    }

    /// <summary>To be called about once a second.</summary>
    public void Expire()
    {
        tracker.Expire(NowMs);
        _held.Release(NowMs);
    }

    /// <summary>The last packet has been read.</summary>
    public void Complete()
    {
        _held.Release(NowMs);
        tracker.Complete();
    }

    // Behind the interface of a Pod, what leaves has the addresses as the Pod knows them.
    private bool IsAsked(in Packet packet, Appearance appearance) =>
        appearance.IsOutgoing && (packet.IsTcp || HasId(packet))
        && _queries.IsAnswered(
            appearance.Interface, new DnsQuery(packet.Target, packet.Source.Address, IdOf(packet), packet.IsTcp), NowMs);

    private static bool HasId(in Packet packet) => packet.Payload.Length >= sizeof(ushort);

    private static ushort IdOf(in Packet packet) => packet.IsTcp ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(packet.Payload);

    private void AcceptDns(in Packet packet, Appearance appearance)
    {
        var isWaiting = false;
        var isToNode = callers.IsNodeAddress(packet.Target.Address);
        if (!isToNode && !IsAsked(packet, appearance))
        {
            return;
        }

        var caller = isToNode
            ? appearance.IsOutgoing ? null : callers.Node
            : callers.FindRecipient(packet.Target.Address, appearance.Interface, NowMs, out isWaiting);
        if (caller is null && !isWaiting)
        {
            return;
        }

        var answer = new DnsAnswer(stackalloc char[DnsName.MaxLength]);
        var result = packet.IsTcp ? DnsMessage.ReadSegment(packet.Payload, ref answer) : DnsMessage.Read(packet.Payload, ref answer);
        if (result == DnsResult.Unparsed)
        {
            Interlocked.Increment(ref _unparsed);
        }
        else if (result == DnsResult.Answer && caller is not null)
        {
            names.Record(caller, ref answer, NowMs);
        }
        else if (result == DnsResult.Answer)
        {
            _held.Add(packet.Target.Address, ref answer, NowMs);
        }
    }
}

/// <summary>Answers whose recipient is not known until the next scan.</summary>
internal sealed class HeldAnswerBuffer(NameTable names, CallerDirectory callers)
{
    private const int MaxAnswers = 256;
    private const long MaxAgeMs = 10_000;

    private readonly List<HeldAnswer> _answers = [];

    public void Add(Address recipient, scoped ref DnsAnswer answer, long nowMs)
    {
        if (_answers.Count < MaxAnswers)
        {
            _answers.Add(new HeldAnswer(recipient, answer.Name.ToString(), answer.Addresses.ToArray(), answer.Ttl, nowMs));
        }
    }

    /// <summary>Records those whose recipient has been found, and forgets old ones.</summary>
    public void Release(long nowMs) => _answers.RemoveAll(held =>
    {
        if (callers.FindConfirmed(held.Recipient) is not { } caller)
        {
            return nowMs - held.TimeMs >= MaxAgeMs;
        }

        names.Record(caller, held.Name, held.Addresses, held.Ttl, held.TimeMs);
        return true;
    });

    private readonly record struct HeldAnswer(Address Recipient, string Name, Address[] Addresses, uint Ttl, long TimeMs);
}
