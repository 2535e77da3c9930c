using System.Net;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Domains;

namespace Wayleave.Operator.Reconciling;

/// <summary>Gathers from the caches all that a decision about one client's egress depends on. Makes no API request.</summary>
internal sealed class ClientInputsReader(ClusterCache cache, GovernanceCache governance, DomainBook domains)
{
    /// <summary>The objects that name the client.</summary>
    public IReadOnlyList<ClientIntents> Declarations(SubjectKey client) => cache.Intents.Store
        .ByIndex(IndexNames.Client, IndexNames.ClientOf(client.Namespace, client.Name))
        .Where(intents => intents.Metadata.DeletionTimestamp is null && DeclaredClient.Client(intents) == client)
        .ToList();

    public ClientInputs Read(SubjectKey client, IReadOnlyList<ClientIntents> declarations)
    {
        var rule = governance.RuleOf(client.Namespace);
        return new ClientInputs
        {
            Key = client,
            Targets = declarations.SelectMany(intents => Targets(intents, rule)).ToList(),
            Candidates = Candidates(client.Namespace, client.Name, declarations.Select(DeclaredClient.Reference).OfType<WorkloadReference>()),
            LastKnown = cache.Workloads.LastKnown(client.Namespace, client.Name),
            Existing = cache.Policies.Store.ByIndex(IndexNames.Server, client.ToString()),

            // Also those whose present spec does not say which workload is meant.
            IsRetained = cache.Intents.Store.ByIndex(IndexNames.Client, IndexNames.ClientOf(client.Namespace, client.Name)).Any(RetainedDeclarations.IsRetained),
            HasRetainedProtection = cache.Protections.Store.CountByIndex(IndexNames.Retained, client.Namespace) > 0,
            HasRetainedNeighbor = cache.Intents.Store.CountByIndex(IndexNames.Retained, client.Namespace) > 0,
            OwnPods = cache.Protections.Store.ByIndex(IndexNames.Server, new SubjectKey(SubjectType.Workload, client.Namespace, client.Name).ToString())
                .All(protection => protection.Spec.OwnPods != false),
            Network = cache.Network.Current,
            NamespaceExists = cache.Namespaces.Store.Get(new NamespacedName("", client.Namespace)) is { Metadata.DeletionTimestamp: null },
            Rule = rule,
        };
    }

    // Where egress is not considered, only what is outside the cluster needs a verdict, and nothing is looked up for it.
    private IEnumerable<DeclaredEgress> Targets(ClientIntents intents, NamespaceRule rule)
    {
        if (DeclaredClient.Reference(intents) is not { } client)
        {
            yield break;
        }

        foreach (var target in DeclaredTargets.Read(intents))
        {
            if (target.Internet is { } internet)
            {
                var answers = rule.ConsidersEgress ? Answers(intents, target.Index, internet.Domains) : [];
                yield return new DeclaredEgress(intents, target.Index, client, new Destination.ToInternet(internet, answers));
            }
            else if (target.Reference is { } reference && rule.ConsidersEgress)
            {
                yield return new DeclaredEgress(intents, target.Index, client, InCluster(reference));
            }
        }
    }

    // The status shows what the domains of the target had together, and together they make one rule.
    private List<DomainAnswer> Answers(ClientIntents intents, int index, IReadOnlyList<string> names)
    {
        var shown = intents.Status?.Targets?.ElementAtOrDefault(index)?.Addresses ?? [];
        var before = shown.Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>().ToList();
        return names.Select(name => name.StartsWith('*') ? DomainAnswer.Unresolvable(name) : domains.Find(name, before)).ToList();
    }

    private Destination InCluster(TargetReference reference)
    {
        var server = reference.Server;
        var state = cache.Watches(server.Namespace) ? NamespaceStates.Of(cache.Namespaces.Store.Get(new NamespacedName("", server.Namespace))) : NamespaceState.Unwatched;
        return server.Type == SubjectType.Service ? ToService(reference, state) : ToWorkload(reference, state);
    }

    private Destination.ToWorkload ToWorkload(TargetReference reference, NamespaceState state)
    {
        var server = reference.Server;
        var candidates = Candidates(server.Namespace, server.Name, reference.Workload is { } workload ? [workload] : []);
        return new Destination.ToWorkload(reference, candidates, state) { LastKnown = cache.Workloads.LastKnown(server.Namespace, server.Name) };
    }

    private Destination.ToService ToService(TargetReference reference, NamespaceState state)
    {
        var name = new NamespacedName(reference.Server.Namespace, reference.Server.Name);
        var present = cache.Services.Store.Get(name);
        var service = present ?? cache.LastKnownService(name);
        return new Destination.ToService(reference, service, cache.Endpoints.Find(name), state) { IsPresent = present is not null, Backends = cache.BackendsOf(service) };
    }

    private List<Workload> Candidates(string @namespace, string name, IEnumerable<WorkloadReference> references) =>
        [.. cache.Workloads.Find(@namespace, name), .. cache.SelectedPods(references)];
}
