using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Exposure;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.EventHandlers;

/// <summary>Enqueues the policy keys that a change can affect. Reads indexes only.</summary>
internal sealed class AffectedPolicyEnqueuer(ClusterCache cache, NamespaceSettingsCache governance, PolicyQueues queues)
{
    // Answers of DNS that arrive together are written together.
    private static readonly TimeSpan _batching = TimeSpan.FromMilliseconds(100);

    // Limit for names that thousands of clients declare.
    private const int MaxNamedClients = 32;

    /// <summary>Enqueues the servers and the client of a ClientIntents.</summary>
    public void EnqueueFor(ClientIntents? intents)
    {
        if (intents is null)
        {
            return;
        }

        foreach (var server in intents.Parse().Servers)
        {
            queues.Policies.Add(server);
        }

        EnqueueFor(intents.Parse().ClientKey);
    }

    /// <summary>Enqueues the protected workload, as a server and as a client, and the Services in front of it.</summary>
    public void EnqueueFor(ProtectedService? protection)
    {
        if (protection is not null && protection.Parse().Server is { } server)
        {
            queues.Policies.Add(server);
            EnqueueForServicesInFrontOf(server);
            var client = server with { Type = SubjectType.Client };
            if (cache.Intents.Store.CountByIndex(Indexers.Client, Indexers.GetClientKey(server.Namespace, server.Name)) > 0
                || cache.Policies.Store.CountByIndex(Indexers.Server, client.ToString()) > 0)
            {
                queues.Policies.Add(client);
            }
        }
    }

    public void EnqueueFor(PolicyKey? subject)
    {
        if (subject is { } key)
        {
            queues.Policies.Add(key);
        }
    }

    /// <summary>Enqueues a Service and its clients.</summary>
    public void EnqueueForService(NamespacedName service)
    {
        var key = new PolicyKey(SubjectType.Service, service.Namespace, service.Name);
        EnqueueIfDeclared(key);
        EnqueueForClients(key);
    }

    /// <summary>Enqueues a Service and the workloads behind it.</summary>
    public void EnqueueForServicePods(NamespacedName service)
    {
        EnqueueIfDeclared(new PolicyKey(SubjectType.Service, service.Namespace, service.Name));
        EnqueueForBackends(cache.Services.Store.Get(service));
    }

    /// <summary>Enqueues the workloads whose Pods a Service selects, and the other Services in front of them.</summary>
    public void EnqueueForBackends(PartialService? service)
    {
        if (service?.Spec?.Selector is not { Count: > 0 } selector)
        {
            return;
        }

        var @namespace = service.Metadata.NamespaceProperty ?? "";
        foreach (var workload in cache.FindBackends(service))
        {
            EnqueueIfDeclared(new PolicyKey(SubjectType.Workload, @namespace, workload.Name));
            EnqueueForServicesOf(workload);

            // Their policies select its Pods too and have to allow the same external traffic.
            foreach (var other in cache.Workloads.WithSelectorsFor(workload))
            {
                EnqueueIfDeclared(new PolicyKey(SubjectType.Workload, @namespace, other.Name));
            }
        }

        EnqueueForDeletedWorkloads(@namespace, selector);

        // Services may share Pods although the Pods are not known.
        foreach (PartialService other in cache.Services.Store.ByIndex(Indexers.Namespace, @namespace))
        {
            if (other.Spec?.Selector is { Count: > 0 } its
                && (SelectorEquality.ContainsAll(its, selector) || SelectorEquality.ContainsAll(selector, its)))
            {
                EnqueueIfDeclared(new PolicyKey(SubjectType.Service, @namespace, other.Metadata.Name ?? ""));
            }
        }

        EnqueueForSelectedPods(@namespace, static _ => true);
    }

    // Deleted workloads whose Pods may still run. Of their labels, only those of the policy's selector are known.
    private void EnqueueForDeletedWorkloads(string @namespace, IDictionary<string, string> selector)
    {
        foreach (var policy in cache.Policies.Store.ByIndex(Indexers.Namespace, @namespace))
        {
            var labels = policy.Spec?.PodSelector?.MatchLabels;
            if (!selector.Any(label => labels?.TryGetValue(label.Key, out var value) == true && value != label.Value)
                && PolicyMetadataReader.ReadKey(policy) is { Type: SubjectType.Workload } subject
                && PolicyMetadataReader.ReadSubject(policy) is { } pods
                && !cache.Workloads.Find(@namespace, subject.Name).Any(workload => workload.Kind.Name() == pods.Kind))
            {
                queues.Policies.Add(subject);
            }
        }
    }

    /// <summary>Enqueues every server that is exposed outside the cluster. Reads every Service.</summary>
    public void EnqueueForExposedServices()
    {
        foreach (var service in cache.Services.Store.List()
            .Where(service => new ExposedService(service, []).IsExternal)
            .Select(NamespacedName.From)
            .Union(cache.Exposure.FindExposedServices()))
        {
            EnqueueForServicePods(service);
        }
    }

    /// <summary>
    /// Enqueues every client that declares a domain, because the ranges of Pods and Services decide which addresses are allowed. Reads
    /// every declaration.
    /// </summary>
    public void EnqueueForDomains()
    {
        foreach (var intents in cache.Intents.Store.List().Where(intents => intents.Parse().Domains.Any()))
        {
            EnqueueFor(intents.Parse().ClientKey);
        }
    }

    /// <summary>Whether the egress of any client depends on a domain.</summary>
    public bool HasClientsOf(string domain) => cache.Intents.Store.ByIndex(Indexers.Domain, domain).Any(
        intents => governance.GetSettings(intents.Metadata.NamespaceProperty ?? "").ComputesEgress);

    /// <summary>Some of the clients that declare a domain, each once.</summary>
    public IReadOnlyList<PolicyKey> FindClientsOf(string domain) => cache.Intents.Store.ByIndex(Indexers.Domain, domain)
        .Take(MaxNamedClients)
        .Select(static intents => intents.Parse().ClientKey)
        .OfType<PolicyKey>()
        .Distinct()
        .ToList();

    /// <summary>Enqueues the clients that declare a domain.</summary>
    public void EnqueueForDomain(string domain) => EnqueueBatched(cache.Intents.Store.ByIndex(Indexers.Domain, domain));

    /// <summary>Enqueues the clients of those declarations that have a domain which includes one of the names.</summary>
    public void EnqueueForAnswers(IEnumerable<ClientIntents> declarations, IReadOnlyCollection<string> names) => EnqueueBatched(
        declarations.Where(intents => intents.Parse().Domains.Any(domain => names.Any(name => DomainPattern.Includes(domain, name)))));

    /// <summary>
    /// Enqueues what a changed workload affects: the server and its clients, the client and its targets, and the Services that select or
    /// selected its Pods.
    /// </summary>
    public void EnqueueForWorkload(WorkloadChange change)
    {
        var workload = change.Name;
        var key = new PolicyKey(SubjectType.Workload, workload.Namespace, workload.Name);
        EnqueueIfDeclared(key);
        EnqueueForClients(key);
        if (cache.Protections.Store.CountByIndex(Indexers.Server, key.ToString()) > 0)
        {
            EnqueueForServicesInFrontOf(key);
        }

        foreach (var side in change.Sides)
        {
            EnqueueForServicesOf(side);
        }

        EnqueueForSelectedPods(workload.Namespace, selector => change.Sides.Any(side => SelectorMatch.Matches(selector, side.PodLabels)));
        foreach (var intents in cache.Intents.Store.ByIndex(Indexers.Client, Indexers.GetClientKey(workload.Namespace, workload.Name)))
        {
            EnqueueFor(intents);
        }
    }

    /// <summary>Enqueues the subjects of all our policies in a namespace.</summary>
    public void EnqueueForPoliciesIn(string @namespace)
    {
        foreach (var policy in cache.Policies.Store.ByIndex(Indexers.Namespace, @namespace))
        {
            EnqueueFor(PolicyMetadataReader.ReadKey(policy));
        }
    }

    /// <summary>
    /// Enqueues the servers that the ClientIntents of a namespace name, if the settings of the server's namespace have <c>acceptFrom</c>.
    /// </summary>
    public void EnqueueForAcceptFrom(string @namespace)
    {
        foreach (var intents in cache.Intents.Store.ByIndex(Indexers.Namespace, @namespace)
            .Where(intents => intents.Metadata.NamespaceProperty == @namespace))
        {
            foreach (var server in intents.Parse().Servers
                .Where(server => governance.GetSettings(server.Namespace).AcceptFrom is not null))
            {
                queues.Policies.Add(server);
            }
        }
    }

    /// <summary>Enqueues the servers and clients in a namespace, and their callers and targets.</summary>
    public void EnqueueForNamespace(string @namespace)
    {
        foreach (var intents in cache.Intents.Store.ByIndex(Indexers.Namespace, @namespace))
        {
            var own = intents.Metadata.NamespaceProperty == @namespace;
            foreach (var server in intents.Parse().Servers.Where(server => own || server.Namespace == @namespace))
            {
                queues.Policies.Add(server);
            }

            EnqueueFor(intents.Parse().ClientKey);
        }

        foreach (var protection in cache.Protections.Store.ByIndex(Indexers.Namespace, @namespace))
        {
            EnqueueFor(protection);
        }
    }

    /// <summary>Enqueues the clients of a server whose egress is restricted.</summary>
    public void EnqueueForClients(PolicyKey server)
    {
        foreach (var intents in cache.Intents.Store.ByIndex(Indexers.Server, server.ToString()))
        {
            if (governance.GetSettings(intents.Metadata.NamespaceProperty ?? "").ComputesEgress)
            {
                EnqueueFor(intents.Parse().ClientKey);
            }
        }
    }

    private void EnqueueBatched(IEnumerable<ClientIntents> declarations)
    {
        foreach (var client in declarations.Select(intents => intents.Parse().ClientKey).OfType<PolicyKey>())
        {
            queues.Policies.AddAfter(client, _batching);
        }
    }

    // The ports and the network of a workload matter to the Services that lead to it, and to their clients.
    private void EnqueueForServicesOf(Workload workload)
    {
        foreach (var service in cache.Services.Store.ServicesFor(workload.Namespace, workload.PodLabels))
        {
            EnqueueForService(NamespacedName.From(service));
        }
    }

    // Declarations with Pod selectors are few, so each is evaluated.
    private void EnqueueForSelectedPods(string @namespace, Func<V1LabelSelector, bool> isAffected)
    {
        foreach (var intents in cache.Intents.Store.ByIndex(Indexers.Selector, @namespace)
            .Where(intents => Selectors(intents, @namespace).Any(isAffected)))
        {
            EnqueueFor(intents);
        }

        foreach (var protection in cache.Protections.Store.ByIndex(Indexers.Selector, @namespace))
        {
            if (protection.Parse().Workload?.Selector is { } selector && isAffected(selector))
            {
                EnqueueFor(protection);
            }
        }
    }

    private static IEnumerable<V1LabelSelector> Selectors(ClientIntents intents, string @namespace) => intents.Parse().Targets
        .Select(target => target.Reference?.Workload)
        .Append(intents.Parse().Client)
        .Where(workload => workload?.Namespace == @namespace)
        .Select(workload => workload?.Selector)
        .OfType<V1LabelSelector>();

    // Every declared Service of the namespace: which of them stood in front of what the workload was before is no longer known.
    private void EnqueueForServicesInFrontOf(PolicyKey server)
    {
        foreach (PartialService service in cache.Services.Store.ByIndex(Indexers.Namespace, server.Namespace))
        {
            EnqueueIfDeclared(new PolicyKey(SubjectType.Service, server.Namespace, service.Metadata.Name ?? ""));
        }

        // And those that are gone, whose Pods may still run.
        foreach (var policy in cache.Policies.Store.ByIndex(Indexers.Namespace, server.Namespace))
        {
            if (PolicyMetadataReader.ReadKey(policy) is { Type: SubjectType.Service } gone
                && cache.Services.Store.Get(new NamespacedName(gone.Namespace, gone.Name)) is null)
            {
                queues.Policies.Add(gone);
            }
        }
    }

    // A workload of the same name without declarations costs three lookups and no reconcile.
    private void EnqueueIfDeclared(PolicyKey server)
    {
        var key = server.ToString();
        if (cache.Intents.Store.CountByIndex(Indexers.Server, key) > 0
            || cache.Protections.Store.CountByIndex(Indexers.Server, key) > 0
            || cache.Policies.Store.CountByIndex(Indexers.Server, key) > 0)
        {
            queues.Policies.Add(server);
        }
    }
}
