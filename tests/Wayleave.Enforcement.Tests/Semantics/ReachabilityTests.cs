using k8s.Models;

using static Wayleave.Enforcement.Tests.Semantics.TestNetwork;

namespace Wayleave.Enforcement.Tests.Semantics;

/// <summary>One test for each rule in the Kubernetes documentation of NetworkPolicy.</summary>
public class ReachabilityTests
{
    [Fact]
    public void A_Pod_that_no_policy_selects_allows_all_traffic()
    {
        var network = new TestNetwork(Ingress(), Egress());

        network.May(Cart, Report).ShouldBeTrue();
        network.May(Report, Web).ShouldBeTrue();
        network.MayLeave(Cart, "203.0.113.1").ShouldBeTrue();
        network.MayEnter("203.0.113.1", Web).ShouldBeTrue();
    }

    [Fact]
    public void An_ingress_policy_denies_ingress_and_not_egress()
    {
        var network = new TestNetwork(Ingress());

        network.May(Web, Cart).ShouldBeFalse();
        network.MayEnter("203.0.113.1", Cart).ShouldBeFalse();
        network.May(Cart, Web).ShouldBeTrue();
        network.MayLeave(Cart, "203.0.113.1").ShouldBeTrue();
    }

    [Fact]
    public void An_egress_policy_denies_egress_and_not_ingress()
    {
        var network = new TestNetwork(Egress());

        network.May(Web, Cart).ShouldBeFalse();
        network.MayLeave(Web, "203.0.113.1").ShouldBeFalse();
        network.May(Cart, Web).ShouldBeTrue();
    }

    [Fact]
    public void A_connection_needs_both_egress_and_ingress_to_be_allowed()
    {
        var ingress = Ingress(From(Pods(App("web"))));
        var egress = Egress(To(Pods(App("cart"))));

        new TestNetwork(ingress, egress).May(Web, Cart).ShouldBeTrue();
        new TestNetwork(ingress, Egress()).May(Web, Cart).ShouldBeFalse();
        new TestNetwork(Ingress(), egress).May(Web, Cart).ShouldBeFalse();
    }

    [Fact]
    public void Allows_what_any_of_several_policies_allows()
    {
        var network = new TestNetwork(Ingress(), Ingress(From(Pods(App("web")))), Policy(App("cart"), new V1NetworkPolicySpec()));

        network.May(Web, Cart).ShouldBeTrue();
        network.May(Report, Cart).ShouldBeFalse();
    }

    [Fact]
    public void A_policy_applies_only_to_Pods_of_its_own_namespace()
    {
        var network = new TestNetwork(Policy(App("cart"), new V1NetworkPolicySpec(), "data"));

        network.May(Web, Store).ShouldBeFalse();
        network.May(Web, Cart).ShouldBeTrue();
    }

    [Fact]
    public void A_policy_with_an_empty_podSelector_applies_to_all_Pods_of_its_namespace()
    {
        var network = new TestNetwork(Policy(All, new V1NetworkPolicySpec()));

        network.May(Report, Cart).ShouldBeFalse();
        network.May(Report, Web).ShouldBeFalse();
        network.May(Web, Report).ShouldBeTrue();
    }

    [Fact]
    public void A_Pod_always_reaches_itself() => new TestNetwork(Ingress(), Policy(All, new V1NetworkPolicySpec { PolicyTypes = ["Egress"] }))
        .May(Cart, Cart).ShouldBeTrue();

    [Fact]
    public void A_policy_without_policyTypes_applies_to_egress_only_when_it_has_egress_rules()
    {
        var ingress = new TestNetwork(Policy(All, new V1NetworkPolicySpec()));
        ingress.May(Report, Web).ShouldBeFalse();
        ingress.May(Web, Report).ShouldBeTrue();

        var noRules = new TestNetwork(Policy(All, new V1NetworkPolicySpec { Egress = [] }));
        noRules.May(Web, Report).ShouldBeTrue();

        var both = new TestNetwork(Policy(All, new V1NetworkPolicySpec { Egress = [To(Pods(App("nobody")))] }));
        both.May(Report, Web).ShouldBeFalse();
        both.May(Web, Report).ShouldBeFalse();
    }

    [Fact]
    public void Ignores_rules_of_a_direction_that_policyTypes_omits()
    {
        var network = new TestNetwork(Policy(App("cart"), new V1NetworkPolicySpec { PolicyTypes = ["Egress"], Ingress = [From(Pods(App("nobody")))] }));

        network.May(Web, Cart).ShouldBeTrue();
        network.May(Cart, Web).ShouldBeFalse();
    }

    [Fact]
    public void Throws_for_an_unknown_policy_type() => Should.Throw<InvalidOperationException>(
        () => new TestNetwork(Policy(All, new V1NetworkPolicySpec { PolicyTypes = ["Sideways"] })).May(Web, Cart));
}
