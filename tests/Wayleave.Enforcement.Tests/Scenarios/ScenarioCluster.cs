using System.Text.Json.Nodes;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Scenarios;

/// <summary>Gathers inputs from the objects of a scenario, as the operator does from its caches.</summary>
internal sealed class ScenarioCluster(IReadOnlyList<JsonNode> objects, EnforcementMode mode)
{
    private readonly ScenarioObjects _objects = new(objects);
    private readonly EnforcementDefaults _defaults = new(mode, "wayleave-system");
    private EnforcementPolicyResolver? _governance;

    public List<ClientIntents> Intents => _objects.Intents;

    public List<ProtectedService> Protections => _objects.Protections;

    private EnforcementPolicyResolver Governance =>
        _governance ??= new EnforcementPolicyResolver(_defaults, _objects.Enforcements.Select(policy => EnforcementPolicyParser.Parse(policy, _defaults)).OfType<ParsedEnforcementPolicy>());

    /// <summary>Whether the cluster has a policy of that name.</summary>
    public bool IsInForce(V1NetworkPolicy policy) => _objects.HasPolicy(policy.Metadata.NamespaceProperty!, policy.Metadata.Name!);

    public List<PolicyPlan> Decide()
    {
        var servers = Intents.SelectMany(static intents => intents.Parse().Servers).Concat(Protections.Select(static protection => protection.Parse().Server).OfType<PolicyKey>());
        var clients = Intents.Select(static intents => intents.Parse().ClientKey).OfType<PolicyKey>();
        return servers.Concat(clients).Concat(_objects.Subjects).Distinct()
            .Select(key => key.Type == SubjectType.Client ? EgressPlanner.Plan(ClientInputs(key)) : IngressPlanner.Plan(ServerInputs(key)))
            .ToList();
    }

    private ServerInputs ServerInputs(PolicyKey key)
    {
        var isWorkload = key.Type == SubjectType.Workload;
        var rule = GetSettings(key.Namespace);
        var calls = Intents.SelectMany(intents => Calls(intents, key, rule)).ToList();
        var service = isWorkload ? null : _objects.ServiceNamed(key.Namespace, key.Name) ?? _objects.GoneService(key.Namespace, key.Name);
        var protections = isWorkload ? Protections.FindAll(protection => protection.Parse().Server == key) : Behind(service, isCertain: true);
        var references = calls.Select(call => call.Reference.Workload).Concat(protections.Select(static protection => protection.Parse().Workload)).OfType<ParsedWorkloadRef>();
        return new ServerInputs
        {
            Key = key,
            Intents = calls,
            Protections = protections,
            Candidates = isWorkload ? Candidates(key.Namespace, key.Name, references) : [],
            LastKnown = _objects.GoneNamed(key.Namespace, key.Name),
            Service = service,
            IsServicePresent = _objects.ServiceNamed(key.Namespace, key.Name) is not null,
            Backends = _objects.Behind(service),
            PossibleProtections = isWorkload ? [] : Behind(service, isCertain: false),
            ApiServerProxies = _objects.ApiServerProxies,
            Services = _objects.ServicesIn(key.Namespace),
            Network = _objects.Network,
            NamespaceExists = _objects.Namespaces.ContainsKey(key.Namespace),
            Settings = rule,
            ExistingPolicies = _objects.PoliciesOf(key),
            RetainedNamespaces = Intents
                .Where(intents => intents.Parse().IsRetained && intents.Parse().Servers.Contains(key) && IsAccepted(rule, intents))
                .Select(intents => intents.Metadata.NamespaceProperty!).ToHashSet(),
        };
    }

    // The protections of the workloads whose Pods a Service selects, found as the operator finds them.
    private List<ProtectedService> Behind(PartialService? service, bool isCertain) => service?.Spec?.Selector is not { Count: > 0 } selector
        ? []
        : Protections.FindAll(protection => protection.Parse().Workload is { } reference
            && reference.Namespace == service.Metadata.NamespaceProperty
            && IsBehind(selector, reference, isCertain));

    private bool IsBehind(Dictionary<string, string> selector, ParsedWorkloadRef reference, bool isCertain)
    {
        var candidates = Candidates(reference.Namespace, reference.Name, [reference]);
        return WorkloadResolver.Resolve(reference, candidates) switch
        {
            WorkloadResolution.Found { Workload: var found } => isCertain && found.Templates.Append(found).Any(IsSelected),
            WorkloadResolution.Ambiguous => !isCertain && candidates.Exists(IsSelected),
            WorkloadResolution.NotFound => !isCertain && _objects.GoneNamed(reference.Namespace, reference.Name).Exists(IsSelected),
            _ => false,
        };

        bool IsSelected(Workload workload) => SelectorEquality.ContainsAll(workload.PodLabels, selector);
    }

    private ClientInputs ClientInputs(PolicyKey key)
    {
        var declarations = Intents.Where(intents => intents.Parse().ClientKey == key).ToList();
        return new ClientInputs
        {
            Key = key,
            Targets = declarations.SelectMany(Egress).ToList(),
            Candidates = Candidates(key.Namespace, key.Name, declarations.Select(static intents => intents.Parse().Client).OfType<ParsedWorkloadRef>()),
            LastKnown = _objects.GoneNamed(key.Namespace, key.Name),
            NamespaceExists = _objects.Namespaces.ContainsKey(key.Namespace),
            Settings = GetSettings(key.Namespace),
            Network = _objects.Network,
            ExistingPolicies = _objects.PoliciesOf(key),
            IsRetained = Intents.Exists(intents => intents.Metadata.NamespaceProperty == key.Namespace && intents.Spec.Workload.Name == key.Name
                && intents.Parse().IsRetained),
            HasRetainedNeighbor = Intents.Exists(intents => intents.Metadata.NamespaceProperty == key.Namespace && intents.Parse().IsRetained),
            WorkloadsWithoutOwnPods =
            [
                .. Protections
                    .Where(protection => !protection.Parse().AllowsOwnPods && protection.Parse().Server == key with { Type = SubjectType.Workload })
                    .Select(static protection => protection.Parse().Workload)
                    .OfType<ParsedWorkloadRef>(),
            ],
        };
    }

    private IEnumerable<IngressIntent> Calls(ClientIntents intents, PolicyKey key, NamespaceSettings rule)
    {
        if (intents.Parse().Client is not { } client)
        {
            return [];
        }

        var candidates = Candidates(client.Namespace, client.Name, [client]);
        var state = NamespaceStateReader.GetState(_objects.Namespaces.GetValueOrDefault(client.Namespace));
        var meaning = WorkloadResolver.Resolve(client, candidates);
        var gone = _objects.GoneNamed(client.Namespace, client.Name).FirstOrDefault()
            ?? (meaning is WorkloadResolution.NotFound ? RecordedClients.Find(intents, client, ClusterSelectionMatcher.Local) : null);
        return intents.Parse().TargetsOn(key).Select(target =>
            new IngressIntent(intents, target, meaning, state)
            {
                ClientCandidates = candidates,
                LastKnownClient = gone,
                IsAccepted = IsAccepted(rule, intents),
            });
    }

    private bool IsAccepted(NamespaceSettings rule, ClientIntents intents) =>
        rule.AcceptFrom is null
        || SelectorMatch.Matches(rule.AcceptFrom, _objects.Namespaces.GetValueOrDefault(intents.Metadata.NamespaceProperty!)?.Metadata.Labels);

    private List<Workload> Candidates(string @namespace, string name, IEnumerable<ParsedWorkloadRef> references) =>
    [
        .. _objects.WorkloadsNamed(@namespace, name),
        .. references.Where(reference => reference.Selector is not null)
            .Select(reference => Workload.FromSelector(reference.Namespace, reference.Name, reference.Selector!, _objects.Matching(reference.Namespace, reference.Selector!)))
            .DistinctBy(pods => pods.Name),
    ];

    private IEnumerable<EgressIntent> Egress(ClientIntents intents) => intents.Parse().Targets
        .Where(target => target.Result is null)
        .Select(target => new EgressIntent(intents, target, intents.Parse().Client!.Value, DestinationOf(target)));

    private Destination DestinationOf(DeclaredTarget target)
    {
        if (target.Internet is { } internet)
        {
            return new Destination.ToInternet(internet, internet.Domains.Select(_objects.AnswerOf).ToList());
        }

        var server = target.Reference!.Server;
        var state = NamespaceStateReader.GetState(_objects.Namespaces.GetValueOrDefault(server.Namespace));
        if (server.Type == SubjectType.Service)
        {
            var present = _objects.ServiceNamed(server.Namespace, server.Name);
            var service = present ?? _objects.GoneService(server.Namespace, server.Name);
            return new Destination.ToService(target.Reference, service, _objects.EndpointsOf(server), state)
            {
                IsPresent = present is not null,
                Backends = _objects.Behind(service),
            };
        }

        return new Destination.ToWorkload(target.Reference, Candidates(server.Namespace, server.Name, [target.Reference.Workload!.Value]), state)
        {
            LastKnown = _objects.GoneNamed(server.Namespace, server.Name),
        };
    }

    private NamespaceSettings GetSettings(string @namespace) =>
        Governance.GetSettings(@namespace, _objects.Namespaces.GetValueOrDefault(@namespace)?.Metadata.Labels);
}
