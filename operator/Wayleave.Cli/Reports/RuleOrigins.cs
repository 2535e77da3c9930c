using k8s.Models;
using Wayleave.Cli.Planning;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Cli.Reports;

/// <summary>Finds the objects that the rules of the operator's policies come from.</summary>
internal sealed class RuleOrigins(PolicyForecast forecast)
{
    private readonly DeclaredRulePlanner _declared = new(forecast);

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
        var targets = _declared.GetRules(client).Where(target => target.IsPartOf(allPeers, rule.Ports)).ToList();
        return targets.Count > 0 ? (targets[0].Name, [.. targets.Select(target => target.From).Distinct()])
            : IsDns(rule) ? (rule.To is { Count: > 0 } ? peers : "any address", [$"DNS ({SettingsOf(client.Namespace)})"])
            : (peers, [KeptBy(policy)]);
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

        var allPeers = RuleText.AllPeers(rule.FromProperty);
        var calls = _declared.GetRules(server).Where(call => call.IsPartOf(allPeers, rule.Ports)).ToList();
        if (calls.Count > 0)
        {
            return (calls[0].Name, [.. calls.Select(call => call.From).Distinct()]);
        }

        var allowed = forecast.Snapshot.Settings.GetSettings(server.Namespace).From;
        if (allowed.Any(from => RuleText.AllPeers(from.Peer is null ? null : [from.Peer]) == allPeers))
        {
            return (peers, [$"{SettingsOf(server.Namespace)} spec.allow.from"]);
        }

        var exposures = _declared.GetExposures(server).Where(exposure => exposure.IsPartOf(allPeers, rule.Ports)).ToList();
        return (peers, exposures.Count > 0 ? [.. exposures.Select(exposure => exposure.From).Distinct()] : [KeptBy(policy)]);
    }

    /// <inheritdoc cref="DeclaredRulePlanner.FieldOf"/>
    public static string FieldOf(IntentResult result) => DeclaredRulePlanner.FieldOf(result.Intents, result.TargetIndex);

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

    private static string KeptBy(V1NetworkPolicy policy) => $"kept from the last valid version of the declaration ({NameOf(policy)})";

    private static bool IsOwnPods(V1NetworkPolicy policy, IList<V1NetworkPolicyPeer>? peers) =>
        peers is [{ NamespaceSelector: null, IpBlock: null, PodSelector: { } pods }]
        && SelectorEquality.AreEqual(pods, policy.Spec!.PodSelector);

    private bool IsDns(V1NetworkPolicyEgressRule rule) =>
        rule.To is null or { Count: 0 }
            ? rule.Ports is { Count: > 0 }
            : forecast.Snapshot.Cache.Network.Current.Dns.Any(server => rule.To.Any(
                peer => peer.PodSelector is { } pods && SelectorEquality.AreEqual(pods, server.Pods)));
}
