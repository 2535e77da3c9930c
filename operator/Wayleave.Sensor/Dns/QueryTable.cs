using System.Runtime.InteropServices;
using Wayleave.Sensor.Capture;

namespace Wayleave.Sensor.Dns;

/// <summary>A question to a nameserver.</summary>
/// <param name="Client">Who asked, with its port.</param>
/// <param name="Server">Who was asked.</param>
/// <param name="Id">The ID of the message. 0 for TCP: the connection belongs to the client.</param>
/// <param name="IsTcp">Whether it was asked over TCP.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DnsQuery(Destination Client, Address Server, ushort Id, bool IsTcp);

/// <summary>
/// The questions that Pods asked lately. Only what answers one counts, because any Pod can send another one a packet from port 53. Kept by
/// the interface where they were seen, so that a Pod that asks much pushes out its own questions only. Used by the thread that reads
/// packets.
/// </summary>
internal sealed class QueryTable
{
    /// <summary>The most questions of an interface. Beyond, the oldest is forgotten.</summary>
    public const int MaxOfInterface = 64;

    private const int MaxInterfaces = 1024;

    // Much longer than a resolver waits.
    private const long MaxAgeMs = 60_000;

    private readonly Dictionary<int, Questions> _interfaces = [];

    /// <summary>Remembers a question that came in through an interface.</summary>
    public void Add(int index, in DnsQuery query, long nowMs)
    {
        if (!_interfaces.TryGetValue(index, out var questions))
        {
            // Interfaces come and go with Pods: what is forgotten is asked again.
            if (_interfaces.Count >= MaxInterfaces)
            {
                _interfaces.Clear();
            }

            _interfaces.Add(index, questions = new Questions());
        }

        questions.Add(query, nowMs);
    }

    /// <summary>Whether what leaves through an interface answers a question that came in there.</summary>
    public bool IsAnswered(int index, in DnsQuery query, long nowMs) =>
        _interfaces.TryGetValue(index, out var questions) && questions.Confirm(query, nowMs);

    private sealed class Questions
    {
        private readonly (DnsQuery Query, long TimeMs)[] _asked = new (DnsQuery Query, long TimeMs)[MaxOfInterface];
        private int _next;

        public void Add(in DnsQuery query, long nowMs)
        {
            var known = Find(query);
            if (known < 0)
            {
                known = _next;
                _next = (_next + 1) % MaxOfInterface;
            }

            _asked[known] = (query, nowMs);
        }

        // A connection of TCP lasts as long as it is used.
        public bool Confirm(in DnsQuery query, long nowMs)
        {
            var known = Find(query);
            if (known < 0 || nowMs - _asked[known].TimeMs > MaxAgeMs)
            {
                return false;
            }

            _asked[known].TimeMs = nowMs;
            return true;
        }

        private int Find(in DnsQuery query)
        {
            for (var place = 0; place < _asked.Length; place++)
            {
                if (_asked[place].Query == query)
                {
                    return place;
                }
            }

            return -1;
        }
    }
}
