using System.Collections.Frozen;
using k8s.Models;
using Wayleave.Cli.Planning;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Exposure;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;

namespace Wayleave.Cli.Reports;

/// <summary>A rule that one declaration makes when it is planned alone.</summary>
/// <param name="Peers">Its peers, as <see cref="RuleText.AllPeers"/> writes them.</param>
/// <param name="Ports">Its ports. Empty for every port.</param>
/// <param name="Name">How a reader knows the peer.</param>
/// <param name="From">The object, and its field, that the rule comes from.</param>
internal sealed record DeclaredRule(string Peers, IReadOnlyList<PolicyPort> Ports, string Name, string From)
{
    /// <summary>Whether a rule of a policy, which may combine several declarations, contains some of this one.</summary>
    public bool IsPartOf(string peers, IEnumerable<V1NetworkPolicyPort>? ports)
    {
        var combined = (ports ?? []).Select(PolicyPort.From).ToList();
        return peers == Peers
            && (combined.Count == 0 || Ports.Any(port => combined.Exists(wider => wider.Includes(port))));
    }
}

/// <summary>Plans each declaration about a server or client alone, to know which rule comes from which.</summary>
internal sealed class DeclaredRulePlanner(PolicyForecast forecast)
{
    private readonly Dictionary<PolicyKey, IReadOnlyList<DeclaredRule>> _rules = [];
    private readonly Dictionary<PolicyKey, IReadOnlyList<DeclaredRule>> _exposures = [];

    /// <summary>The rules of the targets of a client, or of the calls to a server.</summary>
    public IReadOnlyList<DeclaredRule> GetRules(PolicyKey key) =>
        _rules.GetValueOrDefault(key) ?? (_rules[key] = [.. key.Type == SubjectType.Client ? PlanTargets(key) : PlanCalls(key)]);

    /// <summary>The rules for what exposes a server outside the cluster.</summary>
    public IReadOnlyList<DeclaredRule> GetExposures(PolicyKey server) =>
        _exposures.GetValueOrDefault(server) ?? (_exposures[server] = [.. PlanExposures(server)]);

    /// <summary>The object and the field of a call: <c>clientintents/checkout.shop spec.targets[0]</c>.</summary>
    public static string FieldOf(NamespacedName intents, int index) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"clientintents/{intents.Name}.{intents.Namespace} spec.targets[{index}]");

    private IEnumerable<DeclaredRule> PlanTargets(PolicyKey client)
    {
        var (clients, waits) = (forecast.Snapshot.Clients, forecast.Snapshot.Waits);
        var declarations = clients.Declarations(client);
        var inputs = waits.Update(clients.Read(client, declarations), declarations).Inputs with
        {
            IsRetained = false,
            HasRetainedNeighbor = false,
        };
        var bare = inputs with { Settings = inputs.Settings with { AllowsDns = false } };
        foreach (var target in inputs.Targets)
        {
            var from = FieldOf(NamespacedName.From(target.Intents), target.Target.Index);
            foreach (var rule in RulesOf(EgressPlanner.Plan(bare with { Targets = [target] }), isEgress: true))
            {
                yield return Create(rule, target.Target.Reference is null ? null : target.Target.Name, from);
            }
        }
    }

    private IEnumerable<DeclaredRule> PlanCalls(PolicyKey server)
    {
        var inputs = ReadBare(server);
        var bare = inputs with { Protections = [], Settings = inputs.Settings with { AllowsExternal = false } };
        foreach (var call in inputs.Intents)
        {
            var plan = IngressPlanner.Plan(bare with { Intents = [call] });
            var client = plan.IntentResults.Select(result => result.Client).OfType<PolicySubject>().FirstOrDefault();
            foreach (var rule in RulesOf(plan, isEgress: false))
            {
                var name = client is null ? null : RuleOrigins.Show(client);
                yield return Create(rule, name, FieldOf(NamespacedName.From(call.Intents), call.Target.Index));
            }
        }
    }

    private IEnumerable<DeclaredRule> PlanExposures(PolicyKey server)
    {
        var inputs = ReadBare(server);
        var declared = GetRules(server).Select(rule => rule.Peers).ToHashSet(StringComparer.Ordinal);
        foreach (var service in inputs.Services)
        {
            foreach (var rule in RulesOf(IngressPlanner.Plan(inputs with { Services = [service] }), isEgress: false)
                .Where(rule => !declared.Contains(RuleText.AllPeers(rule.Peers))))
            {
                yield return Create(rule, name: null, DescribeExposure(service));
            }
        }
    }

    private static string DescribeExposure(ExposedService service)
    {
        var references = service.References.Select(reference => reference.Source).Distinct(StringComparer.Ordinal).ToList();
        return service.IsExternal || references.Count == 0
            ? $"service/{service.Service.Metadata.Name}"
            : string.Join(", ", references);
    }

    // Without what is kept from before, and without spec.allow.from, which needs no declaration.
    private ServerInputs ReadBare(PolicyKey server)
    {
        var inputs = forecast.Snapshot.Servers.Read(server);
        return inputs with
        {
            ExistingPolicies = [],
            RetainedNamespaces = FrozenSet<string>.Empty,
            HasRetainedProtection = false,
            Settings = inputs.Settings with { From = [] },
        };
    }

    private static IEnumerable<DirectedRule> RulesOf(PolicyPlan plan, bool isEgress) =>
        plan.Desired.Concat(plan.Retained).Concat(plan.ShadowPolicies).SelectMany(policy => DirectedRule.ListOf(policy, isEgress));

    // The peers are the name of a rule that has none.
    private static DeclaredRule Create(DirectedRule rule, string? name, string from) => new(
        RuleText.AllPeers(rule.Peers), [.. (rule.Ports ?? []).Select(PolicyPort.From)], name ?? RuleText.Peers(rule.Peers), from);
}
