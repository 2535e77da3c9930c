using System.Net;

namespace Wayleave.Observation.Resolution;

/// <summary>
/// The names that each client asked DNS for, by the addresses of the answers. Two clients may get different answers, and many names share
/// an address, so an answer is used for its own client only. Bounded. Not thread-safe.
/// </summary>
internal sealed class NameHistory(int maxNames = 200_000)
{
    // An answer has its last time only, and a program may look a name up again before the sensor reports.
    private static readonly TimeSpan _slack = TimeSpan.FromMinutes(1);

    // Programs and connection pools keep addresses for longer than the answers say.
    private static readonly TimeSpan _grace = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The most names of an address for one client. Beyond, the one that expires first is forgotten, so that a client that makes names up
    /// does not take all the room.
    /// </summary>
    internal const int MaxNamesOfAddress = 32;

    private readonly Dictionary<(WorkloadKey Client, IPAddress Address), List<Answer>> _answers = [];
    private readonly PriorityQueue<(WorkloadKey Client, IPAddress Address), DateTimeOffset> _expiry = new();

    /// <summary>The names that are remembered, each as often as it has addresses and clients.</summary>
    public int Count { get; private set; }

    public void Add(WorkloadKey client, ObservedAnswer answer)
    {
        foreach (var address in answer.Addresses)
        {
            var key = (client, address);
            if (!_answers.TryGetValue(key, out var known))
            {
                _answers[key] = known = [];
                _expiry.Enqueue(key, EndOf(answer));
            }

            Count -= known.Count;
            Merge(known, answer);
            Count += known.Count;
        }

        while (Count > maxNames && _expiry.TryDequeue(out var oldest, out _))
        {
            Count -= _answers.Remove(oldest, out var forgotten) ? forgotten.Count : 0;
        }
    }

    /// <summary>
    /// The name that the client had asked for when it called the address. Of several, the one that was answered last. Null if there is
    /// none.
    /// </summary>
    public string? Find(WorkloadKey client, IPAddress address, DateTimeOffset at) =>
        (_answers.GetValueOrDefault((client, address)) ?? [])
            .Where(answer => answer.From - _slack <= at && at <= answer.To)
            .OrderByDescending(answer => answer.To)
            .ThenBy(answer => answer.Name, StringComparer.Ordinal)
            .FirstOrDefault()?.Name;

    /// <summary>Forgets answers that are no longer used.</summary>
    public void Sweep(DateTimeOffset now)
    {
        while (_expiry.TryPeek(out var key, out var end) && end < now)
        {
            _expiry.Dequeue();
            if (!_answers.TryGetValue(key, out var known))
            {
                continue;
            }

            Count -= known.RemoveAll(answer => answer.To < now);
            if (known.Count == 0)
            {
                _answers.Remove(key);
            }
            else
            {
                _expiry.Enqueue(key, known.Max(answer => answer.To));
            }
        }
    }

    private static DateTimeOffset EndOf(ObservedAnswer answer) => answer.At + answer.TimeToLive + _grace;

    private static void Merge(List<Answer> known, ObservedAnswer answer)
    {
        var index = known.FindIndex(other => other.Name == answer.Name);
        var merged = new Answer(answer.Name, answer.At, EndOf(answer));
        if (index < 0)
        {
            if (known.Count >= MaxNamesOfAddress)
            {
                known.Remove(known.MinBy(other => other.To)!);
            }

            known.Add(merged);
            return;
        }

        var old = known[index];
        known[index] = new Answer(
            old.Name, old.From < merged.From ? old.From : merged.From, old.To > merged.To ? old.To : merged.To);
    }

    private sealed record Answer(string Name, DateTimeOffset From, DateTimeOffset To);
}
