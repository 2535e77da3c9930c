using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Reconciling;

/// <summary>Says which policies something can affect, and has just those decided again. Looks into indexes, and never further.</summary>
internal sealed class AffectedPolicies(ClusterCache cache, GovernanceCache governance, SubjectQueues queues)
{
    /// <summary>Those of the servers that it names and of its client.</summary>
    public void Of(ClientIntents? intents)
    {
        if (intents is null)
        {
            return;
        }

        foreach (var server in DeclaredTargets.Servers(intents))
        {
            queues.Policies.Add(server);
        }

        Of(DeclaredClient.Client(intents));
    }

    /// <summary>That of the workload it protects, and those of the Services in front of it.</summary>
    public void Of(ProtectedService? protection)
    {
        if (protection is not null && DeclaredProtection.Server(protection) is { } server)
        {
            queues.Policies.Add(server);
            ServicesInFrontOf(server);
        }
    }

    public void Of(SubjectKey? subject)
    {
        if (subject is { } key)
        {
            queues.Policies.Add(key);
        }
    }

    /// <summary>Those of a Service, as a server and as a destination.</summary>
    public void OfService(NamespacedName service)
    {
        var key = new SubjectKey(SubjectType.Service, service.Namespace, service.Name);
        OfDeclared(key);
        CallersOf(key);
    }

    /// <summary>Those of every workload with the name: as a server, behind a Service, as a client and as a destination.</summary>
    public void OfWorkload(NamespacedName workload)
    {
        var key = new SubjectKey(SubjectType.Workload, workload.Namespace, workload.Name);
        OfDeclared(key);
        CallersOf(key);
        if (cache.Protections.Store.CountByIndex(IndexNames.Server, key.ToString()) > 0)
        {
            ServicesInFrontOf(key);
        }

        foreach (var intents in cache.Intents.Store.ByIndex(IndexNames.Client, IndexNames.ClientOf(workload.Namespace, workload.Name)))
        {
            Of(intents);
        }
    }

    /// <summary>Those of the servers in a namespace, of the clients in it, and of whoever they call or are called by.</summary>
    public void OfNamespace(string @namespace)
    {
        foreach (var intents in cache.Intents.Store.ByIndex(IndexNames.Namespace, @namespace))
        {
            var own = intents.Metadata.NamespaceProperty == @namespace;
            foreach (var server in DeclaredTargets.Servers(intents).Where(server => own || server.Namespace == @namespace))
            {
                queues.Policies.Add(server);
            }

            Of(DeclaredClient.Client(intents));
        }

        foreach (var protection in cache.Protections.Store.ByIndex(IndexNames.Namespace, @namespace))
        {
            Of(protection);
        }
    }

    // A client whose egress nobody restricts has no policy that a destination could change.
    private void CallersOf(SubjectKey server)
    {
        foreach (var intents in cache.Intents.Store.ByIndex(IndexNames.Server, server.ToString()))
        {
            if (governance.RuleOf(intents.Metadata.NamespaceProperty ?? "").ConsidersEgress)
            {
                Of(DeclaredClient.Client(intents));
            }
        }
    }

    // Every declared Service of the namespace: which of them stood in front of what the workload was before is no longer known.
    private void ServicesInFrontOf(SubjectKey server)
    {
        foreach (V1Service service in cache.Services.Store.ByIndex(IndexNames.Namespace, server.Namespace))
        {
            OfDeclared(new SubjectKey(SubjectType.Service, server.Namespace, service.Metadata.Name ?? ""));
        }
    }

    // A namesake that nobody declared anything about costs three look-ups and no work.
    private void OfDeclared(SubjectKey server)
    {
        var key = server.ToString();
        if (cache.Intents.Store.CountByIndex(IndexNames.Server, key) > 0
            || cache.Protections.Store.CountByIndex(IndexNames.Server, key) > 0
            || cache.Policies.Store.CountByIndex(IndexNames.Server, key) > 0)
        {
            queues.Policies.Add(server);
        }
    }
}
