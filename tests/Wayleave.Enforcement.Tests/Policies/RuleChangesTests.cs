using k8s.Models;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Tests.Policies;

public sealed class RuleChangesTests
{
    [Fact]
    public void A_new_policy_adds_its_Pods_its_directions_and_its_rules() => RuleChanges.Between(before: null, Ingress("a")).Lines.ShouldBe(
        ["+ selects app=cart", "+ isolates ingress", "+ from Pods app=a to ports 80"]);

    [Fact]
    public void A_rule_that_moved_is_no_difference() => RuleChanges.Between(Ingress("a", "b"), Ingress("b", "a")).Lines.ShouldBeEmpty();

    [Fact]
    public void Removed_rules_come_before_added_ones() =>
        RuleChanges.Between(Ingress("a", "b"), Ingress("a", "c")).Lines.ShouldBe(["- from Pods app=b to ports 80", "+ from Pods app=c to ports 80"]);

    [Fact]
    public void A_change_of_the_selected_Pods_or_the_directions_is_a_difference()
    {
        var (before, after) = (Ingress("a"), Ingress("a"));
        after.Spec!.PodSelector = new V1LabelSelector();
        after.Spec.PolicyTypes = ["Ingress", "Egress"];
        after.Spec.Egress = [new V1NetworkPolicyEgressRule { To = [new V1NetworkPolicyPeer { IpBlock = new V1IPBlock { Cidr = "203.0.113.0/24" } }] }];

        RuleChanges.Between(before, after).Lines.ShouldBe(
            ["- selects app=cart", "- isolates ingress", "+ selects all Pods", "+ isolates ingress and egress", "+ to 203.0.113.0/24, ports all"]);
    }

    [Fact]
    public void Many_changes_are_cut()
    {
        var changes = RuleChanges.Between(Ingress(), Ingress([.. Enumerable.Range(0, 30).Select(number => $"a{number}")]));
        (changes.Lines.Count, changes.Omitted).ShouldBe((RuleChanges.MaxLines, 10));
    }

    private static V1NetworkPolicy Ingress(params string[] clients) => new()
    {
        Spec = new V1NetworkPolicySpec
        {
            PodSelector = Pods("cart"),
            PolicyTypes = ["Ingress"],
            Ingress =
            [
                .. clients.Select(client => new V1NetworkPolicyIngressRule
                {
                    FromProperty = [new V1NetworkPolicyPeer { PodSelector = Pods(client) }],
                    Ports = [new V1NetworkPolicyPort { Port = 80, Protocol = "TCP" }],
                }),
            ],
        },
    };

    private static V1LabelSelector Pods(string app) => new() { MatchLabels = new Dictionary<string, string> { ["app"] = app } };
}
