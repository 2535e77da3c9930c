using Wayleave.Operator.Caching;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Domains;

/// <summary>The clients whose egress a name's answer matters to.</summary>
internal sealed class DomainClients(ClusterCache cache, GovernanceCache governance, SubjectQueues queues)
{
    /// <summary>Whether there is any.</summary>
    public bool AreThere(string domain) =>
        cache.Intents.Store.ByIndex(IndexNames.Domain, domain).Any(intents => governance.RuleOf(intents.Metadata.NamespaceProperty ?? "").ConsidersEgress);

    /// <summary>Has them decided again.</summary>
    public void Enqueue(string domain)
    {
        foreach (var intents in cache.Intents.Store.ByIndex(IndexNames.Domain, domain))
        {
            if (Enforcement.Targets.DeclaredClient.Client(intents) is { } client)
            {
                queues.Policies.Add(client);
            }
        }
    }
}
