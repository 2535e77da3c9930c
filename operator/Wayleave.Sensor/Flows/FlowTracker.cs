using Wayleave.Ingest.V1;
using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Nodes;

namespace Wayleave.Sensor.Flows;

/// <summary>
/// Makes calls of the packets that open connections. A packet is seen at each interface that it passes, and address translation happens
/// in between: the first appearance has the address as called, the last one the backend. Its sequence says that it is the same packet,
/// also if the address of the client was translated. Used by the thread that reads packets.
/// </summary>
internal sealed class FlowTracker(FlowTable flows, CallerDirectory callers)
{
    /// <summary>After this time, a call is not answered.</summary>
    public const long AnswerTimeoutMs = 10_000;

    private readonly PendingCallTable _pending = new();

    public void Accept(in Packet packet, Appearance appearance, long nowMs)
    {
        if (packet.IsSyn)
        {
            AcceptSyn(packet, appearance, nowMs);
        }
        else if (packet.IsSynAck)
        {
            AcceptAnswer(packet, Outcome.Connected);
        }
        else if (packet.IsRefusal)
        {
            AcceptAnswer(packet, Outcome.Refused);
        }
    }

    /// <summary>Ends calls that were not answered in time, and records those whose caller became known.</summary>
    public void Expire(long nowMs)
    {
        for (var index = _pending.Oldest; index >= 0;)
        {
            ref var call = ref _pending[index];
            var next = call.Next;
            var isLast = nowMs - call.StartMs >= AnswerTimeoutMs;
            if (isLast || call.Outcome != Outcome.None)
            {
                var outcome = call.Outcome == Outcome.None ? Outcome.Unanswered : call.Outcome;
                if (TryRecord(ref call, outcome, isLast) || isLast)
                {
                    _pending.Remove(index);
                }
            }

            index = next;
        }
    }

    /// <summary>Ends all calls, because the program ends: those without an answer are not counted.</summary>
    public void Complete()
    {
        while (_pending.Oldest >= 0)
        {
            ref var call = ref _pending[_pending.Oldest];
            if (call.Outcome != Outcome.None)
            {
                TryRecord(ref call, call.Outcome, isLast: true);
            }

            _pending.Remove(_pending.Oldest);
        }
    }

    private void AcceptSyn(in Packet packet, Appearance appearance, long nowMs)
    {
        if (_pending.TryFind(packet.Sequence, out var index))
        {
            AcceptLaterAppearance(ref _pending[index], packet, appearance);
            return;
        }

        if (packet.Source.Address.IsLoopback || packet.Target.Address.IsLoopback)
        {
            return;
        }

        // The clients of this node: its own packets are seen when they leave it, those of Pods when they enter it.
        var isHostNetwork = callers.IsNodeAddress(packet.Source.Address);
        if (isHostNetwork != appearance.IsOutgoing)
        {
            return;
        }

        Caller? caller = null;
        if (isHostNetwork)
        {
            callers.RequestHostScan();
        }
        else
        {
            caller = callers.FindClient(packet.Source.Address, appearance.Interface, nowMs, out var isWaiting);
            if (caller is null && !isWaiting)
            {
                return;
            }
        }

        Add(packet, appearance, nowMs, caller, isHostNetwork);
    }

    private void Add(in Packet packet, Appearance appearance, long nowMs, Caller? caller, bool isHostNetwork)
    {
        if (_pending.Count == PendingCallTable.Capacity)
        {
            _pending.Remove(_pending.Oldest);
            flows.CountMerged();
        }

        ref var call = ref _pending.Add(packet.Sequence);
        call.Caller = caller;
        call.Client = packet.Source;
        call.Called = packet.Target;
        call.Backend = isHostNetwork ? packet.Target : default;
        call.StartMs = nowMs;
        call.Interface = appearance.Interface;
        call.IsHostNetwork = isHostNetwork;
    }

    private void AcceptLaterAppearance(ref PendingCall call, in Packet packet, Appearance appearance)
    {
        var isTranslated = call.Client != packet.Source;
        if (isTranslated && !callers.IsNodeAddress(packet.Source.Address))
        {
            // Two clients that chose the same sequence.
            flows.CountMerged();
            return;
        }

        if (appearance.IsOutgoing || packet.Target != call.Called)
        {
            call.Backend = packet.Target;
        }

        if (!appearance.IsOutgoing && !isTranslated && !call.IsHostNetwork && appearance.Interface != call.Interface)
        {
            callers.MarkShared(appearance.Interface);
        }
    }

    private void AcceptAnswer(in Packet packet, Outcome outcome)
    {
        if (_pending.TryFind(packet.Acknowledgment - 1, out var index))
        {
            ref var call = ref _pending[index];
            if (call.Client != packet.Target)
            {
                return;
            }

            if (TryRecord(ref call, outcome, isLast: false))
            {
                _pending.Remove(index);
            }
            else
            {
                call.Outcome = outcome;
            }
        }
    }

    private bool TryRecord(ref PendingCall call, Outcome outcome, bool isLast)
    {
        var caller = call.Caller
            ?? (call.IsHostNetwork
                ? callers.FindHostCaller(call.Client, call.StartMs, isLast)
                : callers.FindConfirmed(call.Client.Address));
        if (caller is null)
        {
            return false;
        }

        flows.Record(new FlowKey(caller, call.Called, call.Backend, Source.Tcp), outcome, call.StartMs);
        return true;
    }
}
