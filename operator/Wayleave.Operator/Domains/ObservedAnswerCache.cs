using System.Collections.Concurrent;
using System.Net;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Internet;
using Wayleave.Kubernetes;
using Wayleave.Operator.Observing;

namespace Wayleave.Operator.Domains;

/// <summary>
/// Remembers which addresses the Pods of each client got from DNS for its declared domains, as the map of the network mapper has them. What
/// the map loses by accident stays known. Thread-safe.
/// </summary>
internal sealed class ObservedAnswerCache(ObservedCallReader observed, TimeProvider time)
{
    private readonly ConcurrentDictionary<PolicyKey, IReadOnlyDictionary<(NamespacedName, string), SeenDomain>> _clients = new();

    /// <summary>Begins to read what is known of a client. Null where the map is not read.</summary>
    public ObservedAnswerReading? Begin(PolicyKey client) => observed.IsServed
        ? new ObservedAnswerReading(observed, _clients.GetValueOrDefault(client), time.GetUtcNow())
        : null;

    /// <summary>Remembers what was read, and forgets the domains that were not asked for.</summary>
    public void End(PolicyKey client, ObservedAnswerReading reading)
    {
        if (reading.Domains.Count > 0)
        {
            _clients[client] = reading.Domains;
        }
        else
        {
            _clients.TryRemove(client, out _);
        }
    }

    /// <summary>Forgets what an earlier leader term knew. The statuses have what was open since.</summary>
    public void Clear() => _clients.Clear();
}

/// <summary>Reads what the Pods of one client got from DNS at one moment. Not thread-safe.</summary>
internal sealed class ObservedAnswerReading(
    ObservedCallReader observed, IReadOnlyDictionary<(NamespacedName, string), SeenDomain>? before, DateTimeOffset now)
{
    private readonly Dictionary<(NamespacedName, string), SeenDomain> _domains = [];
    private readonly Dictionary<NamespacedName, SeenAnswers> _seen = [];

    /// <summary>The declared domains that were read, by the declaration.</summary>
    public IReadOnlyDictionary<(NamespacedName, string), SeenDomain> Domains => _domains;

    /// <summary>How long it takes until an address expires even if the map does not change. Null if none expires.</summary>
    public TimeSpan? NextExpiry => _domains.Values.Min(domain => domain.FindNextExpiry()) is { } expiry
        ? expiry - now + TimeSpan.FromSeconds(1)
        : null;

    /// <summary>The answer for a declared domain: what the operator found, and what the client's Pods got.</summary>
    /// <param name="intents">The declaration.</param>
    /// <param name="own">The answer to the operator.</param>
    /// <param name="listed">The addresses that the status of the target lists as seen.</param>
    public DomainAnswer Complete(ClientIntents intents, DomainAnswer own, IReadOnlyCollection<IPAddress> listed)
    {
        var name = NamespacedName.From(intents);
        if (!_seen.TryGetValue(name, out var seen))
        {
            seen = observed.HasSynced ? SeenAnswers.Read(observed.FindObserved(intents), now) : SeenAnswers.Unread;
            _seen.Add(name, seen);
        }

        var known = _domains.GetValueOrDefault((name, own.Domain))
            ?? before?.GetValueOrDefault((name, own.Domain))
            ?? SeenDomain.Restore(own.Domain, listed);
        return (_domains[(name, own.Domain)] = known.Update(seen, now)).Complete(own);
    }
}
