using Wayleave.Enforcement;
using Wayleave.Enforcement.Targets;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Domains;

/// <summary>The clients whose egress depends on the answer for a name.</summary>
internal sealed class DomainClientIndex(ClusterCache cache, NamespaceSettingsCache governance, PolicyQueues queues)
{
    // Answers that arrive together are written together.
    private static readonly TimeSpan _batching = TimeSpan.FromMilliseconds(100);

    // Limit for names that thousands of clients declare.
    private const int MaxNamed = 32;

    /// <summary>Whether there is any.</summary>
    public bool HasClients(string domain) =>
        cache.Intents.Store.ByIndex(Indexers.Domain, domain).Any(
            intents => governance.GetSettings(intents.Metadata.NamespaceProperty ?? "").ComputesEgress);

    /// <summary>Some of them, each once.</summary>
    public IReadOnlyList<PolicyKey> FindClients(string domain) => cache.Intents.Store.ByIndex(Indexers.Domain, domain)
        .Take(MaxNamed)
        .Select(static intents => intents.Parse().ClientKey)
        .OfType<PolicyKey>()
        .Distinct()
        .ToList();

    /// <summary>Enqueues the clients.</summary>
    public void Enqueue(string domain)
    {
        foreach (var intents in cache.Intents.Store.ByIndex(Indexers.Domain, domain))
        {
            if (intents.Parse().ClientKey is { } client)
            {
                queues.Policies.AddAfter(client, _batching);
            }
        }
    }
}
