using System.Net;
using Wayleave.Enforcement.Internet;
using Wayleave.Kubernetes;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Domains;

/// <summary>A DNS name as a work queue's key.</summary>
internal readonly record struct DomainName(string Name) : INamespacedKey
{
    /// <inheritdoc/>
    public string Namespace => "";

    public override string ToString() => Name;
}

/// <summary>
/// Caches the results of DNS lookups. A name is looked up only after <see cref="Find"/> asked for it, so that no unused name is queried.
/// Thread-safe.
/// </summary>
internal sealed class DomainCache(PolicyQueues queues, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>How many names are looked up.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Returns the current result, and starts lookups of a new name.</summary>
    /// <param name="domain">The name.</param>
    /// <param name="before">
    /// The addresses that are written down for it, perhaps together with those of others; they stay until it is answered.
    /// </param>
    public DomainAnswer Find(string domain, IReadOnlyCollection<IPAddress> before)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(domain, out var known))
            {
                known.Uses++;
                return known.History.Answer;
            }

            var entry = new Entry(DomainHistory.Restored(domain, before, time.GetUtcNow()));
            _entries.Add(domain, entry);
            queues.Domains.Add(new DomainName(domain));
            return entry.History.Answer;
        }
    }

    /// <summary>What is known, without asking for more; null for a name that is not looked up.</summary>
    public CachedDomain? Get(string domain)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(domain, out var entry) ? new CachedDomain(entry.History, entry.Failures, entry.Uses) : null;
        }
    }

    /// <summary>Stores the result of a lookup. Ignores names that are no longer looked up.</summary>
    /// <param name="history">The answers up to now.</param>
    /// <param name="failures">How many lookups have failed in a row.</param>
    public void Update(DomainHistory history, int failures)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(history.Domain, out var entry))
            {
                entry.History = history;
                entry.Failures = failures;
            }
        }
    }

    /// <summary>
    /// Ends the lookups of a name. Returns false, and keeps them, if its answer was used since <paramref name="known"/> was read.
    /// </summary>
    public bool TryForget(CachedDomain known)
    {
        lock (_lock)
        {
            var domain = known.History.Domain;
            return !_entries.TryGetValue(domain, out var entry) || (entry.Uses == known.Uses && _entries.Remove(domain));
        }
    }

    private sealed class Entry(DomainHistory history)
    {
        public DomainHistory History { get; set; } = history;

        public int Failures { get; set; }

        public long Uses { get; set; }
    }
}

/// <summary>What is known about a name at one moment.</summary>
/// <param name="History">Its answers.</param>
/// <param name="Failures">How many lookups have failed in a row.</param>
/// <param name="Uses">How often the answer had been asked for.</param>
internal sealed record CachedDomain(DomainHistory History, int Failures, long Uses);
