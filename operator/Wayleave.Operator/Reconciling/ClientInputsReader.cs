using System.Net;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Domains;

namespace Wayleave.Operator.Reconciling;

/// <summary>Gathers the inputs of a client from the caches. Sends no API request.</summary>
/// <param name="cache">The caches of the cluster.</param>
/// <param name="governance">The settings of namespaces.</param>
/// <param name="domains">The answers to the operator.</param>
/// <param name="observed">The answers to the Pods of clients. Null if they are not read.</param>
internal sealed class ClientInputsReader(
    ClusterCache cache, NamespaceSettingsCache governance, DomainCache domains, ObservedAnswerCache? observed)
{
    /// <summary>The objects that name the client.</summary>
    public IReadOnlyList<ClientIntents> Declarations(PolicyKey client) => cache.Intents.Store
        .ByIndex(Indexers.Client, Indexers.GetClientKey(client.Namespace, client.Name))
        .Where(intents => intents.Metadata.DeletionTimestamp is null && intents.Parse().ClientKey == client)
        .ToList();

    public ClientInputs Read(PolicyKey client, IReadOnlyList<ClientIntents> declarations)
    {
        var rule = governance.GetSettings(client.Namespace);
        var network = cache.Network.Current;
        var answers = observed?.Begin(client);
        var targets = declarations.SelectMany(intents => Targets(intents, rule, answers)).ToList();
        if (answers is not null)
        {
            observed!.End(client, answers);
        }

        return new ClientInputs
        {
            Key = client,
            Targets = targets,
            ReplanAfter = answers?.NextExpiry,
            Candidates = Candidates(
                client.Namespace, client.Name, declarations.Select(static intents => intents.Parse().Client).OfType<ParsedWorkloadRef>()),
            LastKnown = LastKnown(client),
            ExistingPolicies = cache.Policies.Store.ByIndex(Indexers.Server, client.ToString()),

            // Including declarations whose current spec does not name a valid workload.
            IsRetained = cache.Intents.Store.ByIndex(
                Indexers.Client, Indexers.GetClientKey(client.Namespace, client.Name)).Any(static intents => intents.Parse().IsRetained),
            HasRetainedNeighbor = cache.Intents.Store.CountByIndex(Indexers.Retained, client.Namespace) > 0,
            WorkloadsWithoutOwnPods =
            [
                .. cache.Protections.Store.ByIndex(Indexers.Server, (client with { Type = SubjectType.Workload }).ToString())
                    .Where(protection => !protection.Parse().AllowsOwnPods)
                    .Select(static protection => protection.Parse().Workload)
                    .OfType<ParsedWorkloadRef>(),
            ],
            Network = network,
            ClusterRanges = [.. network.PodRanges, .. network.ServiceRanges],
            NamespaceExists = cache.Namespaces.Store.Get(new NamespacedName("", client.Namespace)) is { Metadata.DeletionTimestamp: null },
            Settings = rule,
        };
    }

    // Where egress is not considered, only what is outside the cluster needs a result, and nothing is looked up for it.
    private IEnumerable<EgressIntent> Targets(ClientIntents intents, NamespaceSettings rule, ObservedAnswerReading? seen)
    {
        if (intents.Parse().Client is not { } client)
        {
            yield break;
        }

        foreach (var target in intents.Parse().Targets)
        {
            if (target.Internet is { } internet)
            {
                var answers = rule.ComputesEgress ? Answers(intents, target, internet, seen) : [];
                yield return new EgressIntent(intents, target, client, new Destination.ToInternet(internet, answers));
            }
            else if (target.Reference is { } reference && rule.ComputesEgress)
            {
                yield return new EgressIntent(intents, target, client, InCluster(reference));
            }
        }
    }

    private List<DomainAnswer> Answers(
        ClientIntents intents, DeclaredTarget target, InternetReference internet, ObservedAnswerReading? seen)
    {
        var shown = StatusBefore(intents, target, internet);
        var listed = Parse(shown?.ObservedAddresses);
        var own = Parse(shown?.Addresses?.Except(shown.ObservedAddresses ?? [], StringComparer.Ordinal));
        return internet.Domains
            .Select(name => DomainPattern.IsWildcard(name) ? DomainAnswer.Unresolvable(name) : domains.Find(name, own))
            .Select(answer => seen is null ? answer : seen.Complete(intents, answer, listed))
            .ToList();
    }

    // The status lists the addresses of all domains of a target together. After an edit, a target can be matched by name only if it is a
    // single domain.
    private static TargetStatus? StatusBefore(ClientIntents intents, DeclaredTarget target, InternetReference internet)
    {
        var listed = intents.Status?.Targets ?? [];
        return intents.Status?.ObservedGeneration == intents.Metadata.Generation
            ? listed.ElementAtOrDefault(target.Index)
            : listed.Find(
                other => internet is { Ranges.Count: 0, Domains.Count: 1 } && other.Type == target.Type && other.Name == target.Name);
    }

    private static List<IPAddress> Parse(IEnumerable<string>? addresses) =>
    [
        .. (addresses ?? []).Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>(),
    ];

    private Destination InCluster(TargetReference reference)
    {
        var server = reference.Server;
        var state = cache.Watches(server.Namespace)
            ? NamespaceStateReader.GetState(cache.Namespaces.Store.Get(new NamespacedName("", server.Namespace)))
            : NamespaceState.NotWatched;
        return server.Type == SubjectType.Service ? ToService(reference, state) : ToWorkload(reference, state);
    }

    private Destination.ToWorkload ToWorkload(TargetReference reference, NamespaceState state)
    {
        var server = reference.Server;
        var candidates = Candidates(server.Namespace, server.Name, reference.Workload is { } workload ? [workload] : []);
        return new Destination.ToWorkload(reference, candidates, state) { LastKnown = LastKnown(server) };
    }

    private Destination.ToService ToService(TargetReference reference, NamespaceState state)
    {
        var name = new NamespacedName(reference.Server.Namespace, reference.Server.Name);
        var present = cache.Services.Store.Get(name);
        var service = present ?? cache.LastKnownService(name);
        return new Destination.ToService(reference, service, cache.Endpoints.Find(name), state)
        {
            IsPresent = present is not null,
            Backends = cache.FindBackends(service),
            LastKnownPods = service is null ? InForce(reference.Server).FirstOrDefault() : null,
        };
    }

    // The Pods of a workload that is gone may still run. After a restart, they are known from the policies about them.
    private IReadOnlyList<Workload> LastKnown(PolicyKey subject)
    {
        var seen = cache.Workloads.LastKnown(subject.Namespace, subject.Name);
        return seen.Count > 0 ? seen : [.. InForce(subject).Select(Gone).OfType<Workload>()];
    }

    private IEnumerable<PolicySubject> InForce(PolicyKey subject) =>
        cache.Policies.Store.ByIndex(Indexers.Server, subject.ToString()).Select(PolicyMetadataReader.ReadSubject).OfType<PolicySubject>();

    private static Workload? Gone(PolicySubject pods) =>
        WorkloadKindParser.TryParse(pods.Kind, out var kind)
            ? Workload.CreateDeleted(kind, pods.Namespace, pods.Name, pods.PodSelector)
            : null;

    private List<Workload> Candidates(string @namespace, string name, IEnumerable<ParsedWorkloadRef> references) =>
        [.. cache.Workloads.FindWithOverlaps(@namespace, name), .. cache.SelectedPods(references)];
}
