using System.Collections.Concurrent;
using System.Net;
using Wayleave.Enforcement.Internet;
using Wayleave.Kubernetes.Queue;

namespace Wayleave.Operator.Domains;

/// <summary>
/// The last answers of the names that somebody asked for. To ask for a name is what gets it looked up, so that only names whose answer
/// matters leave the cluster as a DNS query. Safe for any number of threads.
/// </summary>
internal sealed class DomainBook(RateLimitingQueue<DomainName> queue, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DomainMemory> _memories = new(StringComparer.Ordinal);

    /// <summary>How many names are asked for.</summary>
    public int Count => _memories.Count;

    /// <summary>What is known; a name that nobody asked for before is looked up from now on.</summary>
    /// <param name="domain">The name.</param>
    /// <param name="before">What is written down of it, of this name and others; kept if it cannot be looked up now.</param>
    public DomainAnswer Find(string domain, IReadOnlyCollection<IPAddress> before)
    {
        if (_memories.TryGetValue(domain, out var known))
        {
            return known.Answer;
        }

        if (_memories.TryAdd(domain, DomainMemory.Recalled(domain, before, time.GetUtcNow())))
        {
            queue.Add(new DomainName(domain));
        }

        return DomainAnswer.Unknown(domain);
    }

    /// <summary>What is remembered; null when nobody asks for the name.</summary>
    public DomainMemory? Of(string domain) => _memories.GetValueOrDefault(domain);

    public void Remember(DomainMemory memory) => _memories[memory.Domain] = memory;

    public void Forget(string domain) => _memories.TryRemove(domain, out _);
}
