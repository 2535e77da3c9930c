using System.Text.Json.Nodes;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Scenarios;

/// <summary>The objects of a scenario, and the gathering that the operator does from its caches.</summary>
internal sealed class ScenarioCluster(IReadOnlyList<JsonNode> objects, EnforcementMode mode)
{
    private readonly ScenarioObjects _objects = new(objects);
    private NamespaceGovernance? _governance;

    public List<ClientIntents> Intents => _objects.Intents;

    public List<ProtectedService> Protections => _objects.Protections;

    private NamespaceGovernance Governance =>
        _governance ??= new NamespaceGovernance(new GovernanceDefaults(mode, "wayleave-system"), _objects.Enforcements.Select(DeclaredGovernance.Read).OfType<GoverningPolicy>());

    public List<PolicyPlan> Decide()
    {
        var servers = Intents.SelectMany(DeclaredTargets.Servers).Concat(Protections.Select(DeclaredProtection.Server).OfType<SubjectKey>());
        var clients = Intents.Select(DeclaredClient.Client).OfType<SubjectKey>();
        return [
            .. servers.Distinct().Select(key => ServerDecision.Decide(ServerInputs(key))),
            .. clients.Distinct().Select(key => ClientDecision.Decide(ClientInputs(key)))];
    }

    private ServerInputs ServerInputs(SubjectKey key) => new()
    {
        Key = key,
        Calls = Intents.SelectMany(intents => Calls(intents, key)).ToList(),
        Protections = Protections.FindAll(protection => DeclaredProtection.Server(protection) == key),
        Candidates = key.Type == SubjectType.Workload ? _objects.WorkloadsNamed(key.Namespace, key.Name) : [],
        Service = _objects.ServiceNamed(key.Namespace, key.Name),
        NamespaceExists = _objects.Namespaces.ContainsKey(key.Namespace),
        Mode = RuleOf(key.Namespace).Mode,
        AllowedFrom = RuleOf(key.Namespace).From,
    };

    private ClientInputs ClientInputs(SubjectKey key) => new()
    {
        Key = key,
        Targets = Intents.Where(intents => DeclaredClient.Client(intents) == key).SelectMany(Egress).ToList(),
        Candidates = _objects.WorkloadsNamed(key.Namespace, key.Name),
        NamespaceExists = _objects.Namespaces.ContainsKey(key.Namespace),
        Rule = RuleOf(key.Namespace),
    };

    private IEnumerable<DeclaredCall> Calls(ClientIntents intents, SubjectKey key)
    {
        if (DeclaredClient.Reference(intents) is not { } client)
        {
            return [];
        }

        var resolution = WorkloadResolver.Resolve(client.Kind, _objects.WorkloadsNamed(client.Namespace, client.Name));
        var state = NamespaceStates.Of(_objects.Namespaces.GetValueOrDefault(client.Namespace));
        return DeclaredTargets.To(intents, key)
            .Select(target => new DeclaredCall(intents, target.Index, target.Reference!, resolution, state));
    }

    private IEnumerable<DeclaredEgress> Egress(ClientIntents intents) => DeclaredTargets.Read(intents)
        .Where(target => target.Verdict is null)
        .Select(target => new DeclaredEgress(intents, target.Index, DeclaredClient.Reference(intents)!.Value.Kind, DestinationOf(target)));

    private Destination DestinationOf(DeclaredTarget target)
    {
        if (target.Internet is { } internet)
        {
            return new Destination.ToInternet(internet, internet.Domains.Select(_objects.AnswerOf).ToList());
        }

        var server = target.Reference!.Server;
        var state = NamespaceStates.Of(_objects.Namespaces.GetValueOrDefault(server.Namespace));
        return server.Type == SubjectType.Service
            ? new Destination.ToService(target.Reference, _objects.ServiceNamed(server.Namespace, server.Name), _objects.EndpointsOf(server), state)
            : new Destination.ToWorkload(target.Reference, _objects.WorkloadsNamed(server.Namespace, server.Name), state);
    }

    private NamespaceRule RuleOf(string @namespace) =>
        Governance.RuleOf(@namespace, _objects.Namespaces.GetValueOrDefault(@namespace)?.Metadata.Labels);
}
