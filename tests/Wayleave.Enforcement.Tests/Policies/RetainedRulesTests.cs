using k8s.Models;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Tests.Policies;

public class RetainedRulesTests
{
    private static readonly PolicySubject _server = new("Deployment", "shop", "cart", Given.Selector(("app", "cart")));

    [Fact]
    public void Keeps_what_was_not_computed_again_for_clients_of_the_namespace()
    {
        var existing = Policy(Caller("a"), Caller("b", "web"), Caller("c"));
        var computed = Policy(Caller("c"), Caller("d")).Spec!.Ingress!;

        var kept = RetainedRules.Ingress(existing, computed, @namespace => @namespace == "shop");

        kept.ShouldHaveSingleItem().FromProperty![0].PodSelector!.MatchLabels!["app"].ShouldBe("a");
    }

    [Fact]
    public void Keeps_the_ports_that_a_rule_in_force_has_beside_others()
    {
        var existing = Policy(Caller("a", ports: [new PolicyPort("TCP", 80)]));
        var computed = Policy(Caller("a", ports: [new PolicyPort("TCP", 81)])).Spec!.Ingress!;

        RetainedRules.Ingress(existing, computed, _ => true).ShouldHaveSingleItem();
        RetainedRules.Ingress(existing, existing.Spec!.Ingress!, _ => true).ShouldBeEmpty();
    }

    [Fact]
    public void Leaves_out_what_is_no_rule_for_a_declared_client()
    {
        var existing = Policy();
        existing.Spec!.Ingress =
        [
            new(), new() { FromProperty = [] },
            new() { FromProperty = [new() { IpBlock = new() { Cidr = "0.0.0.0/0" } }] },
            new() { FromProperty = [new() { NamespaceSelector = new() }] },
            new() { FromProperty = [new() { NamespaceSelector = NetworkPolicyFactory.NamespaceSelector("shop") }] },
            new() { FromProperty = [new() { NamespaceSelector = Given.Selector(("team", "a")), PodSelector = new() }] },
        ];

        RetainedRules.Ingress(existing, [], _ => true).ShouldBeEmpty();
        RetainedRules.Ingress(new V1NetworkPolicy { Metadata = new() }, [], _ => true).ShouldBeEmpty();
        RetainedRules.Egress(new V1NetworkPolicy { Metadata = new() }, []).ShouldBeEmpty();
    }

    [Fact]
    public void Rules_whose_labels_are_in_another_order_are_the_same()
    {
        var existing = Policy(new Caller(new PolicySubject("Deployment", "shop", "a", Given.Selector(("app", "a"), ("tier", "web"))), []));
        var computed = Policy(new Caller(new PolicySubject("Deployment", "shop", "a", Given.Selector(("tier", "web"), ("app", "a"))), []));

        RetainedRules.Ingress(existing, computed.Spec!.Ingress!, _ => true).ShouldBeEmpty();
    }

    [Fact]
    public void Ten_thousand_rules_are_compared_without_comparing_each_with_each()
    {
        var existing = Policy([.. Enumerable.Range(0, 10_000).Select(number => Caller($"a{number}"))]);
        var computed = Policy([.. Enumerable.Range(5_000, 10_000).Select(number => Caller($"a{number}"))]).Spec!.Ingress!;

        RetainedRules.Ingress(existing, computed, _ => true).Count().ShouldBe(5_000);
    }

    [Fact]
    public void Of_a_server_whose_Pods_are_unknown_rules_of_clients_change_and_others_stay()
    {
        var outside = new V1NetworkPolicyIngressRule { FromProperty = [new V1NetworkPolicyPeer { IpBlock = new V1IPBlock { Cidr = "0.0.0.0/0" } }], Ports = Ports(8080) };
        var existing = Policy(Caller("a", "shop", new PolicyPort("TCP", 8080)), Caller("removed"), Caller("retained", "data"));
        existing.Spec!.Ingress!.Add(outside);
        var computed = Policy(Caller("a", "shop", new PolicyPort("TCP", "http")), Caller("added")).Spec!.Ingress!;

        var rules = RetainedRules.OfUnknownPods(existing, computed, static (@namespace, _) => @namespace == "data");

        rules.Select(rule => rule.FromProperty![0].PodSelector?.MatchLabels?["app"]).ShouldBe(["cart", "a", "retained", null, "added"]);
        rules[1].Ports![0].Port.Value.ShouldBe("8080");
        rules[3].ShouldBeSameAs(outside);
    }

    [Fact]
    public void A_number_that_is_added_to_a_port_name_is_opened_beside_the_number_that_the_name_had()
    {
        var existing = Policy(Caller("a", "shop", new PolicyPort("TCP", 8080)));
        var computed = Policy(Caller("a", "shop", new PolicyPort("TCP", 9090), new PolicyPort("TCP", "http"))).Spec!.Ingress!;

        var rules = RetainedRules.OfUnknownPods(existing, computed, static (_, _) => false);

        rules[1].Ports!.Select(port => PolicyPort.Of(port).Port.Number).ShouldBe([8080, 9090]);
    }

    [Fact]
    public void A_rule_for_every_port_does_not_stay_when_a_port_name_is_declared()
    {
        var computed = Policy(Caller("a", "shop", new PolicyPort("TCP", "http"))).Spec!.Ingress!;

        var rules = RetainedRules.OfUnknownPods(Policy(Caller("a")), computed, static (_, _) => false);

        rules[1].Ports!.ShouldHaveSingleItem().Port.Value.ShouldBe("http");
    }

    [Fact]
    public void Own_Pods_are_closed_when_that_is_declared()
    {
        var computed = NetworkPolicyBuilder.Build(new EffectivePolicy(_server, [Caller("a")]) { OwnPods = false }).Spec!.Ingress!;

        RetainedRules.OfUnknownPods(Policy(Caller("a")), computed, static (_, _) => true).Count.ShouldBe(1);
    }

    [Fact]
    public void A_rule_in_force_that_another_client_explains_says_nothing_of_a_client()
    {
        var existing = Policy(Caller("a"));
        var client = Given.Workload("a").Subject;

        RetainedRules.AllowsBeside(existing, existing.Spec!.Ingress!, client).ShouldBeFalse();
        RetainedRules.AllowsBeside(existing, Policy(Caller("b")).Spec!.Ingress!, client).ShouldBeTrue();
    }

    [Fact]
    public void Ports_in_force_are_found_by_the_numbers_among_the_declared_ones()
    {
        var server = Given.Workload("cart").Subject;
        PolicyPort[] all = [], resolved = [new("TCP", 80), new("TCP", 8080)];
        var existing = EgressPolicyBuilder.Build(new EffectiveEgress(_server, [new PodDestination(server, all), new PodDestination(server, resolved)], []));

        RetainedRules.PortsTo(existing, server, [new("TCP", 80), new("TCP", "http")]).ShouldBe(resolved);
        RetainedRules.PortsTo(existing, server, [new("TCP", 443), new("TCP", "http")]).ShouldBeNull();
        RetainedRules.PortsTo(null, server, [new("TCP", "http")]).ShouldBeNull();
        RetainedRules.RulesTo(existing, server).Count().ShouldBe(2);
    }

    private static List<V1NetworkPolicyPort> Ports(int number) => [new V1NetworkPolicyPort { Protocol = "TCP", Port = number }];

    private static V1NetworkPolicy Policy(params Caller[] callers) => NetworkPolicyBuilder.Build(new EffectivePolicy(_server, callers));

    private static Caller Caller(string name, string @namespace = "shop", params PolicyPort[] ports) => new(Given.Workload(name, @namespace).Subject, ports);
}
