using k8s.Models;
using Wayleave.Cli.Planning;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Cli.Reports;

/// <summary>Finds the objects that the rules of the operator's policies come from.</summary>
internal sealed class RuleOrigins(PolicyForecast forecast)
{
    private readonly DeclaredRulePlanner _declared = new(forecast);

    /// <summary>Whether this installation of the operator may change the policy.</summary>
    public bool IsOurs(V1NetworkPolicy policy) => forecast.Snapshot.Cache.Owner.MayUpdate(policy);

    /// <summary>Who a rule is about and where it comes from.</summary>
    /// <param name="key">The server or client of the policy. Null for a policy of another owner.</param>
    public (string Peer, IReadOnlyList<string> From) Describe(V1NetworkPolicy policy, DirectedRule rule, PolicyKey? key)
    {
        var (peers, allPeers) = (RuleText.Peers(rule.Peers), RuleText.AllPeers(rule.Peers));
        if (key is not { } subject)
        {
            return (peers, [NameOf(policy)]);
        }

        if (IsOwnPods(policy, rule.Peers))
        {
            return ("its own Pods", ["own Pods"]);
        }

        var declared = _declared.GetRules(subject).Where(one => one.IsPartOf(allPeers, rule.Ports)).ToList();
        if (declared.Count > 0)
        {
            return (declared[0].Name, [.. declared.Select(one => one.From).Distinct()]);
        }

        if (rule.IsEgress)
        {
            return IsDns(rule)
                ? (rule.Peers is { Count: > 0 } ? peers : "any address", [$"DNS ({SettingsOf(subject.Namespace)})"])
                : (peers, [KeptBy(policy)]);
        }

        var allowed = forecast.Snapshot.Settings.GetSettings(subject.Namespace).From;
        if (allowed.Any(from => RuleText.AllPeers(from.Peer is null ? null : [from.Peer]) == allPeers))
        {
            return (peers, [$"{SettingsOf(subject.Namespace)} spec.allow.from"]);
        }

        var exposures = _declared.GetExposures(subject).Where(exposure => exposure.IsPartOf(allPeers, rule.Ports)).ToList();
        return (peers, exposures.Count > 0 ? [.. exposures.Select(exposure => exposure.From).Distinct()] : [KeptBy(policy)]);
    }

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

    private bool IsDns(DirectedRule rule) =>
        rule.Peers is null or { Count: 0 }
            ? rule.Ports is { Count: > 0 }
            : forecast.Snapshot.Cache.Network.Current.Dns.Any(server => rule.Peers.Any(
                peer => peer.PodSelector is { } pods && SelectorEquality.AreEqual(pods, server.Pods)));
}

/// <summary>A rule of a policy in either direction.</summary>
/// <param name="Peers">Its <c>to</c> or <c>from</c>.</param>
internal sealed record DirectedRule(bool IsEgress, IList<V1NetworkPolicyPeer>? Peers, IList<V1NetworkPolicyPort>? Ports)
{
    /// <summary>The rules of a policy in one direction, in order.</summary>
    public static IReadOnlyList<DirectedRule> ListOf(V1NetworkPolicy policy, bool isEgress) => isEgress
        ? [.. (policy.Spec!.Egress ?? []).Select(rule => new DirectedRule(isEgress, rule.To, rule.Ports))]
        : [.. (policy.Spec!.Ingress ?? []).Select(rule => new DirectedRule(isEgress, rule.FromProperty, rule.Ports))];
}
