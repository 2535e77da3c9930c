using k8s.Models;
using Wayleave.Cli.Planning;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;

namespace Wayleave.Cli.Reports;

/// <summary>Finds the objects that the rules of the operator's policies come from.</summary>
internal sealed class RuleOrigins(PolicyForecast forecast)
{
    private readonly Dictionary<PolicyKey, IReadOnlyList<(string Peers, string Name, string From)>> _targets = [];

    /// <summary>Whether this installation of the operator may change the policy.</summary>
    public bool IsOurs(V1NetworkPolicy policy) => forecast.Snapshot.Cache.Owner.MayUpdate(policy);

    /// <summary>Who an egress rule is about and where it comes from.</summary>
    public (string Peer, IReadOnlyList<string> From) DescribeEgress(V1NetworkPolicy policy, V1NetworkPolicyEgressRule rule, PolicyKey? key)
    {
        var peers = RuleText.Peers(rule.To);
        if (key is not { } client)
        {
            return (peers, [NameOf(policy)]);
        }

        if (IsOwnPods(policy, rule.To))
        {
            return ("its own Pods", ["own Pods"]);
        }

        var allPeers = RuleText.AllPeers(rule.To);
        var targets = TargetsOf(client).Where(target => target.Peers == allPeers).ToList();
        return targets.Count > 0 ? (targets[0].Name, [.. targets.Select(target => target.From).Distinct()])
            : IsDns(rule) ? (rule.To is { Count: > 0 } ? peers : "any address", [$"DNS ({SettingsOf(client.Namespace)})"])
            : (peers, [$"kept from the last valid version of the declaration ({NameOf(policy)})"]);
    }

    /// <summary>Who an ingress rule is about and where it comes from.</summary>
    public (string Peer, IReadOnlyList<string> From) DescribeIngress(
        V1NetworkPolicy policy, V1NetworkPolicyIngressRule rule, PolicyKey? key)
    {
        var peers = RuleText.Peers(rule.FromProperty);
        if (key is not { } server)
        {
            return (peers, [NameOf(policy)]);
        }

        if (IsOwnPods(policy, rule.FromProperty))
        {
            return ("its own Pods", ["own Pods"]);
        }

        var inputs = forecast.Snapshot.Servers.Read(server);
        var callers = forecast.PlanOf(server).IntentResults
            .Where(result => result.Client is { } client && IsAbout(rule.FromProperty, client))
            .ToList();
        if (callers.Count > 0)
        {
            return (Show(callers[0].Client!), [.. callers.Select(FieldOf).Distinct()]);
        }

        var allPeers = RuleText.AllPeers(rule.FromProperty);
        if (inputs.Settings.From.Any(allowed => RuleText.AllPeers(allowed.Peer is null ? null : [allowed.Peer]) == allPeers))
        {
            return (peers, [$"{SettingsOf(server.Namespace)} spec.allow.from"]);
        }

        List<string> exposing =
        [
            .. inputs.Services.Where(service => service.IsExternal).Select(service => $"service/{service.Service.Metadata.Name}"),
            .. inputs.Services.SelectMany(service => service.References).Select(reference => reference.Source),
        ];
        return exposing.Count > 0 ? (peers, [.. exposing.Distinct()]) : (peers, [$"kept from the last valid version of the declaration ({NameOf(policy)})"]);
    }

    /// <summary>The object and the field of a call: <c>clientintents/checkout.shop spec.targets[0]</c>.</summary>
    public static string FieldOf(IntentResult result) => FieldOf(result.Intents, result.TargetIndex);

    /// <inheritdoc cref="FieldOf(IntentResult)"/>
    public static string FieldOf(NamespacedName intents, int index) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"clientintents/{intents.Name}.{intents.Namespace} spec.targets[{index}]");

    /// <summary>A workload or Service: <c>deployment/cart.shop</c>.</summary>
    public static string Show(PolicySubject subject)
    {
        var name = subject.Kind == WorkloadKindParser.Pods ? SelectedPods.DeclaredName(subject.Name) ?? subject.Name : subject.Name;
        return $"{WorkloadName.Show(subject.Kind, name)}.{subject.Namespace}";
    }

    /// <summary>What sets the mode of a namespace.</summary>
    public string SettingsOf(string @namespace) => forecast.Snapshot.Settings.GetSettings(@namespace).Policy is { } policy
        ? $"enforcementpolicy/{policy}"
        : "the operator's default";

    public static string NameOf(V1NetworkPolicy policy) => $"networkpolicy/{policy.Metadata.Name}.{policy.Metadata.NamespaceProperty}";

    private static bool IsOwnPods(V1NetworkPolicy policy, IList<V1NetworkPolicyPeer>? peers) =>
        peers is [{ NamespaceSelector: null, IpBlock: null, PodSelector: { } pods }]
        && SelectorEquality.AreEqual(pods, policy.Spec!.PodSelector);

    private static bool IsAbout(IList<V1NetworkPolicyPeer>? peers, PolicySubject client) =>
        peers is [{ NamespaceSelector.MatchLabels: { } labels, PodSelector: { } pods }]
        && labels.Find(Api.WayleaveLabels.NamespaceName) == client.Namespace
        && SelectorEquality.AreEqual(pods, client.PodSelector);

    private bool IsDns(V1NetworkPolicyEgressRule rule) =>
        rule.To is null or { Count: 0 }
            ? rule.Ports is { Count: > 0 }
            : forecast.Snapshot.Cache.Network.Current.Dns.Any(server => rule.To.Any(
                peer => peer.PodSelector is { } pods && SelectorEquality.AreEqual(pods, server.Pods)));

    // Each target planned alone opens its own peers.
    private IReadOnlyList<(string Peers, string Name, string From)> TargetsOf(PolicyKey client)
    {
        if (_targets.TryGetValue(client, out var known))
        {
            return known;
        }

        var (clients, waits) = (forecast.Snapshot.Clients, forecast.Snapshot.Waits);
        var declarations = clients.Declarations(client);
        var inputs = waits.Update(clients.Read(client, declarations), declarations).Inputs with
        {
            IsRetained = false,
            HasRetainedNeighbor = false,
        };
        var bare = inputs with { Settings = inputs.Settings with { AllowsDns = false } };
        var found = new List<(string, string, string)>();
        foreach (var target in inputs.Targets)
        {
            var plan = EgressPlanner.Plan(bare with { Targets = [target] });
            var from = FieldOf(NamespacedName.From(target.Intents), target.Target.Index);
            found.AddRange(plan.Desired.Concat(plan.Retained).Concat(plan.ShadowPolicies)
                .SelectMany(policy => policy.Spec!.Egress ?? [])
                .Select(rule => (
                    RuleText.AllPeers(rule.To), target.Target.Reference is null ? RuleText.Peers(rule.To) : target.Target.Name, from)));
        }

        return _targets[client] = found;
    }
}
