using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Nodes;

namespace Wayleave.Sensor.Flows;

/// <summary>A SYN that waits for its answer, or for its caller to be known.</summary>
internal struct PendingCall
{
    public Caller? Caller;
    public Destination Client;
    public Destination Called;
    public Destination Backend;
    public long StartMs;
    public uint Sequence;
    public int Interface;
    public bool IsHostNetwork;
    public Outcome Outcome;
    public int Previous;
    public int Next;
}

/// <summary>
/// A bounded number of pending calls, by the sequence of their SYN and in the order in which they began. Not thread-safe.
/// </summary>
internal sealed class PendingCallTable
{
    public const int Capacity = 8192;

    private const int MinCapacity = 256;
    private const int None = -1;

    private readonly Dictionary<uint, int> _bySequence = new(MinCapacity);
    private PendingCall[] _calls = new PendingCall[MinCapacity];
    private int _free = None;
    private int _used;

    /// <summary>The oldest call; -1 if there is none.</summary>
    public int Oldest { get; private set; } = None;

    public int Count => _bySequence.Count;

    private int Newest { get; set; } = None;

    public ref PendingCall this[int index] => ref _calls[index];

    public bool TryFind(uint sequence, out int index) => _bySequence.TryGetValue(sequence, out index);

    /// <summary>Adds a call. There must be room.</summary>
    public ref PendingCall Add(uint sequence)
    {
        var index = _free;
        if (index == None)
        {
            index = _used++;
            if (index == _calls.Length)
            {
                Array.Resize(ref _calls, index * 2);
            }
        }
        else
        {
            _free = _calls[index].Next;
        }

        ref var call = ref _calls[index];
        call = new PendingCall { Sequence = sequence, Previous = Newest, Next = None };
        if (Newest == None)
        {
            Oldest = index;
        }
        else
        {
            _calls[Newest].Next = index;
        }

        Newest = index;
        _bySequence.Add(sequence, index);
        return ref call;
    }

    public void Remove(int index)
    {
        ref var call = ref _calls[index];
        _bySequence.Remove(call.Sequence);
        if (call.Previous == None)
        {
            Oldest = call.Next;
        }
        else
        {
            _calls[call.Previous].Next = call.Next;
        }

        if (call.Next == None)
        {
            Newest = call.Previous;
        }
        else
        {
            _calls[call.Next].Previous = call.Previous;
        }

        // The reference must not keep a caller alive.
        call = new PendingCall { Next = _free };
        _free = index;
    }
}
