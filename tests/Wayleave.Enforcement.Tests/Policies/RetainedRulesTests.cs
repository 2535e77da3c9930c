using k8s.Models;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Tests.Policies;

public class RetainedRulesTests
{
    private static readonly PolicySubject _server = new("Deployment", "shop", "cart", Given.Selector(("app", "cart")));

    [Fact]
    public void Keeps_rules_that_were_not_computed_for_clients_of_the_given_namespace()
    {
        var existing = Policy(Caller("a"), Caller("b", "web"), Caller("c"));
        var computed = Policy(Caller("c"), Caller("d")).Spec!.Ingress!;

        var kept = RetainedRules.GetIngress(existing, computed, @namespace => @namespace == "shop");

        kept.ShouldHaveSingleItem().FromProperty![0].PodSelector!.MatchLabels!["app"].ShouldBe("a");
    }

    [Fact]
    public void Keeps_a_rule_in_force_whose_ports_were_not_computed()
    {
        var existing = Policy(Caller("a", ports: [new PolicyPort("TCP", 80)]));
        var computed = Policy(Caller("a", ports: [new PolicyPort("TCP", 81)])).Spec!.Ingress!;

        RetainedRules.GetIngress(existing, computed, _ => true).ShouldHaveSingleItem();
        RetainedRules.GetIngress(existing, existing.Spec!.Ingress!, _ => true).ShouldBeEmpty();
    }

    [Fact]
    public void Keeps_no_rule_that_is_not_for_a_declared_client()
    {
        var existing = Policy();
        existing.Spec!.Ingress =
        [
            new(), new() { FromProperty = [] },
            new() { FromProperty = [new() { IpBlock = new() { Cidr = "0.0.0.0/0" } }] },
            new() { FromProperty = [new() { NamespaceSelector = new() }] },
            new() { FromProperty = [new() { NamespaceSelector = NetworkPolicyBuilder.NamespaceSelector("shop") }] },
            new() { FromProperty = [new() { NamespaceSelector = Given.Selector(("team", "a")), PodSelector = new() }] },
        ];

        RetainedRules.GetIngress(existing, [], _ => true).ShouldBeEmpty();
        RetainedRules.GetIngress(new V1NetworkPolicy { Metadata = new() }, [], _ => true).ShouldBeEmpty();
        RetainedRules.GetEgress(new V1NetworkPolicy { Metadata = new() }, []).ShouldBeEmpty();
    }

    [Fact]
    public void Ignores_the_order_of_labels_when_comparing_rules()
    {
        var existing = Policy(new AllowedPods(new PolicySubject("Deployment", "shop", "a", Given.Selector(("app", "a"), ("tier", "web"))), []));
        var computed = Policy(new AllowedPods(new PolicySubject("Deployment", "shop", "a", Given.Selector(("tier", "web"), ("app", "a"))), []));

        RetainedRules.GetIngress(existing, computed.Spec!.Ingress!, _ => true).ShouldBeEmpty();
    }

    [Fact]
    public void Finds_the_rules_to_keep_among_ten_thousand()
    {
        var existing = Policy([.. Enumerable.Range(0, 10_000).Select(number => Caller($"a{number}"))]);
        var computed = Policy([.. Enumerable.Range(5_000, 10_000).Select(number => Caller($"a{number}"))]).Spec!.Ingress!;

        RetainedRules.GetIngress(existing, computed, _ => true).Count().ShouldBe(5_000);
    }

    [Fact]
    public void Updates_the_rules_of_clients_and_keeps_the_others_when_the_Pods_are_unknown()
    {
        var outside = new V1NetworkPolicyIngressRule { FromProperty = [new V1NetworkPolicyPeer { IpBlock = new V1IPBlock { Cidr = "0.0.0.0/0" } }], Ports = Ports(8080) };
        var existing = Policy(Caller("a", "shop", new PolicyPort("TCP", 8080)), Caller("removed"), Caller("retained", "data"));
        existing.Spec!.Ingress!.Add(outside);
        var computed = Policy(Caller("a", "shop", new PolicyPort("TCP", "http")), Caller("added")).Spec!.Ingress!;

        var rules = RetainedRules.GetIngressForUnknownPods(existing, computed, static (@namespace, _) => @namespace == "data");

        rules.Select(rule => rule.FromProperty![0].PodSelector?.MatchLabels?["app"]).ShouldBe(["cart", "a", "retained", null, "added"]);
        rules[1].Ports![0].Port.Value.ShouldBe("8080");
        rules[3].ShouldBeSameAs(outside);
    }

    [Fact]
    public void Allows_an_added_port_number_beside_the_number_that_a_port_name_had()
    {
        var existing = Policy(Caller("a", "shop", new PolicyPort("TCP", 8080)));
        var computed = Policy(Caller("a", "shop", new PolicyPort("TCP", 9090), new PolicyPort("TCP", "http"))).Spec!.Ingress!;

        var rules = RetainedRules.GetIngressForUnknownPods(existing, computed, static (_, _) => false);

        rules[1].Ports!.Select(port => PolicyPort.From(port).Port.Number).ShouldBe([8080, 9090]);
    }

    [Fact]
    public void Replaces_a_rule_for_every_port_when_a_port_name_is_declared()
    {
        var computed = Policy(Caller("a", "shop", new PolicyPort("TCP", "http"))).Spec!.Ingress!;

        var rules = RetainedRules.GetIngressForUnknownPods(Policy(Caller("a")), computed, static (_, _) => false);

        rules[1].Ports!.ShouldHaveSingleItem().Port.Value.ShouldBe("http");
    }

    [Fact]
    public void Removes_the_rule_for_own_Pods_when_ownPods_is_false()
    {
        var computed = NetworkPolicyBuilder.Ingress(_server, [Caller("a")], allowsOwnPods: false).Spec!.Ingress!;

        RetainedRules.GetIngressForUnknownPods(Policy(Caller("a")), computed, static (_, _) => true).Count.ShouldBe(1);
    }

    [Fact]
    public void A_rule_in_force_allows_a_client_only_when_no_computed_rule_equals_it()
    {
        var existing = Policy(Caller("a"));
        var client = Given.Workload("a").Subject;

        RetainedRules.HasOtherRuleFor(existing, existing.Spec!.Ingress!, client).ShouldBeFalse();
        RetainedRules.HasOtherRuleFor(existing, Policy(Caller("b")).Spec!.Ingress!, client).ShouldBeTrue();
    }

    [Fact]
    public void Finds_the_ports_in_force_by_the_declared_port_numbers()
    {
        var server = Given.Workload("cart").Subject;
        PolicyPort[] all = [], resolved = [new("TCP", 80), new("TCP", 8080)];
        V1NetworkPolicyEgressRule Rule(PolicyPort[] ports) => NetworkPolicyBuilder.EgressRule(server.Namespace, server.PodSelector, ports);
        var existing = NetworkPolicyBuilder.Egress(_server, [Rule(all), Rule(resolved)]);

        RetainedRules.FindPorts(existing, server, [new("TCP", 80), new("TCP", "http")]).ShouldBe(resolved);
        RetainedRules.FindPorts(existing, server, [new("TCP", 443), new("TCP", "http")]).ShouldBeNull();
        RetainedRules.FindPorts(null, server, [new("TCP", "http")]).ShouldBeNull();
        RetainedRules.FindRulePorts(existing, server).Count().ShouldBe(2);
    }

    private static List<V1NetworkPolicyPort> Ports(int number) => [new V1NetworkPolicyPort { Protocol = "TCP", Port = number }];

    private static V1NetworkPolicy Policy(params AllowedPods[] callers) => NetworkPolicyBuilder.Ingress(_server, callers);

    private static AllowedPods Caller(string name, string @namespace = "shop", params PolicyPort[] ports) => new(Given.Workload(name, @namespace).Subject, ports);
}
