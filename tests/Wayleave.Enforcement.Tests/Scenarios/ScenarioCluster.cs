using System.Text.Json.Nodes;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Scenarios;

/// <summary>The objects of a scenario, and the gathering that the operator does from its caches.</summary>
internal sealed class ScenarioCluster(IReadOnlyList<JsonNode> objects, EnforcementMode mode)
{
    private readonly ScenarioObjects _objects = new(objects);
    private readonly GovernanceDefaults _defaults = new(mode, "wayleave-system");
    private NamespaceGovernance? _governance;

    public List<ClientIntents> Intents => _objects.Intents;

    public List<ProtectedService> Protections => _objects.Protections;

    private NamespaceGovernance Governance =>
        _governance ??= new NamespaceGovernance(_defaults, _objects.Enforcements.Select(policy => DeclaredGovernance.Read(policy, _defaults)).OfType<GoverningPolicy>());

    public List<PolicyPlan> Decide()
    {
        var servers = Intents.SelectMany(DeclaredTargets.Servers).Concat(Protections.Select(DeclaredProtection.Server).OfType<SubjectKey>());
        var clients = Intents.Select(DeclaredClient.Client).OfType<SubjectKey>();
        return [
            .. servers.Distinct().Select(key => ServerDecision.Decide(ServerInputs(key))),
            .. clients.Distinct().Select(key => ClientDecision.Decide(ClientInputs(key)))];
    }

    private ServerInputs ServerInputs(SubjectKey key)
    {
        var isWorkload = key.Type == SubjectType.Workload;
        var rule = RuleOf(key.Namespace);
        var calls = Intents.SelectMany(intents => Calls(intents, key, rule)).ToList();
        var protections = Protections.FindAll(protection => DeclaredProtection.Server(protection) == key);
        var references = calls.Select(call => call.Reference.Workload).Concat(protections.Select(DeclaredProtection.Reference)).OfType<WorkloadReference>();
        var service = _objects.ServiceNamed(key.Namespace, key.Name);
        return new ServerInputs
        {
            Key = key,
            Calls = calls,
            Protections = protections,
            Candidates = isWorkload ? Candidates(key.Namespace, key.Name, references) : [],
            LastKnown = _objects.GoneNamed(key.Namespace, key.Name),
            Service = isWorkload ? null : service,
            IsServicePresent = service is not null,
            Backends = isWorkload ? [] : _objects.Behind(service),
            Services = _objects.ServicesIn(key.Namespace),
            Network = _objects.Network,
            NamespaceExists = _objects.Namespaces.ContainsKey(key.Namespace),
            Rule = rule,
            Existing = _objects.PoliciesOf(key),
            RetainedNamespaces = Intents.Where(intents => RetainedDeclarations.IsRetained(intents) && DeclaredTargets.Servers(intents).Contains(key))
                .Select(intents => intents.Metadata.NamespaceProperty!).ToHashSet(),
            HasRetainedProtection = Protections.Exists(protection => protection.Metadata.NamespaceProperty == key.Namespace && RetainedDeclarations.IsRetained(protection)),
        };
    }

    private ClientInputs ClientInputs(SubjectKey key)
    {
        var declarations = Intents.Where(intents => DeclaredClient.Client(intents) == key).ToList();
        return new ClientInputs
        {
            Key = key,
            Targets = declarations.SelectMany(Egress).ToList(),
            Candidates = Candidates(key.Namespace, key.Name, declarations.Select(DeclaredClient.Reference).OfType<WorkloadReference>()),
            LastKnown = _objects.GoneNamed(key.Namespace, key.Name),
            NamespaceExists = _objects.Namespaces.ContainsKey(key.Namespace),
            Rule = RuleOf(key.Namespace),
            Network = _objects.Network,
            Existing = _objects.PoliciesOf(key),
            IsRetained = declarations.Exists(RetainedDeclarations.IsRetained),
            HasRetainedNeighbor = Intents.Exists(intents => intents.Metadata.NamespaceProperty == key.Namespace && RetainedDeclarations.IsRetained(intents)),
            OwnPods = Protections.Where(protection => protection.Spec.Workload.Name == key.Name).All(protection => protection.Spec.OwnPods != false),
        };
    }

    private IEnumerable<DeclaredCall> Calls(ClientIntents intents, SubjectKey key, NamespaceRule rule)
    {
        if (DeclaredClient.Reference(intents) is not { } client)
        {
            return [];
        }

        var candidates = Candidates(client.Namespace, client.Name, [client]);
        var labels = _objects.Namespaces.GetValueOrDefault(client.Namespace)?.Metadata.Labels;
        var state = NamespaceStates.Of(_objects.Namespaces.GetValueOrDefault(client.Namespace));
        return DeclaredTargets.To(intents, key).Select(target =>
            new DeclaredCall(intents, target.Index, target.Reference!, WorkloadResolver.Resolve(client, candidates), state)
            {
                ClientCandidates = candidates,
                LastKnownClient = _objects.GoneNamed(client.Namespace, client.Name).FirstOrDefault(),
                IsAccepted = rule.AcceptFrom is null || SelectorMatch.Matches(rule.AcceptFrom, labels),
            });
    }

    private List<Workload> Candidates(string @namespace, string name, IEnumerable<WorkloadReference> references) =>
    [
        .. _objects.WorkloadsNamed(@namespace, name),
        .. references.Where(reference => reference.Selector is not null)
            .Select(reference => Workload.OfSelector(reference.Namespace, reference.Name, reference.Selector!, _objects.Matching(reference.Namespace, reference.Selector!)))
            .DistinctBy(pods => pods.Name),
    ];

    private IEnumerable<DeclaredEgress> Egress(ClientIntents intents) => DeclaredTargets.Read(intents)
        .Where(target => target.Verdict is null)
        .Select(target => new DeclaredEgress(intents, target.Index, DeclaredClient.Reference(intents)!.Value, DestinationOf(target)));

    private Destination DestinationOf(DeclaredTarget target)
    {
        if (target.Internet is { } internet)
        {
            return new Destination.ToInternet(internet, internet.Domains.Select(_objects.AnswerOf).ToList());
        }

        var server = target.Reference!.Server;
        var state = NamespaceStates.Of(_objects.Namespaces.GetValueOrDefault(server.Namespace));
        if (server.Type == SubjectType.Service)
        {
            var service = _objects.ServiceNamed(server.Namespace, server.Name);
            return new Destination.ToService(target.Reference, service, _objects.EndpointsOf(server), state)
            {
                IsPresent = service is not null,
                Backends = _objects.Behind(service),
            };
        }

        return new Destination.ToWorkload(target.Reference, Candidates(server.Namespace, server.Name, [target.Reference.Workload!.Value]), state)
        {
            LastKnown = _objects.GoneNamed(server.Namespace, server.Name),
        };
    }

    private NamespaceRule RuleOf(string @namespace) =>
        Governance.RuleOf(@namespace, _objects.Namespaces.GetValueOrDefault(@namespace)?.Metadata.Labels);
}
