using k8s.Models;

using static Wayleave.Enforcement.Tests.Semantics.TestNetwork;

namespace Wayleave.Enforcement.Tests.Semantics;

/// <summary>The sentences of the Kubernetes documentation, "Network Policies", one by one.</summary>
public class ReachabilityTests
{
    [Fact]
    public void A_pod_that_no_policy_selects_accepts_and_sends_all()
    {
        var network = new TestNetwork(Ingress(), Egress());

        network.May(Cart, Report).ShouldBeTrue();
        network.May(Report, Web).ShouldBeTrue();
        network.MayLeave(Cart, "203.0.113.1").ShouldBeTrue();
        network.MayEnter("203.0.113.1", Web).ShouldBeTrue();
    }

    [Fact]
    public void A_policy_of_ingress_closes_the_way_in_and_not_the_way_out()
    {
        var network = new TestNetwork(Ingress());

        network.May(Web, Cart).ShouldBeFalse();
        network.MayEnter("203.0.113.1", Cart).ShouldBeFalse();
        network.May(Cart, Web).ShouldBeTrue();
        network.MayLeave(Cart, "203.0.113.1").ShouldBeTrue();
    }

    [Fact]
    public void A_policy_of_egress_closes_the_way_out_and_not_the_way_in()
    {
        var network = new TestNetwork(Egress());

        network.May(Web, Cart).ShouldBeFalse();
        network.MayLeave(Web, "203.0.113.1").ShouldBeFalse();
        network.May(Cart, Web).ShouldBeTrue();
    }

    [Fact]
    public void Both_the_way_out_and_the_way_in_must_be_open()
    {
        var wayIn = Ingress(From(Pods(App("web"))));
        var wayOut = Egress(To(Pods(App("cart"))));

        new TestNetwork(wayIn, wayOut).May(Web, Cart).ShouldBeTrue();
        new TestNetwork(wayIn, Egress()).May(Web, Cart).ShouldBeFalse();
        new TestNetwork(Ingress(), wayOut).May(Web, Cart).ShouldBeFalse();
    }

    [Fact]
    public void Policies_add_up()
    {
        var network = new TestNetwork(Ingress(), Ingress(From(Pods(App("web")))), Policy(App("cart"), new V1NetworkPolicySpec()));

        network.May(Web, Cart).ShouldBeTrue();
        network.May(Report, Cart).ShouldBeFalse();
    }

    [Fact]
    public void A_policy_is_about_pods_of_its_own_namespace_alone()
    {
        var network = new TestNetwork(Policy(App("cart"), new V1NetworkPolicySpec(), "data"));

        network.May(Web, Store).ShouldBeFalse();
        network.May(Web, Cart).ShouldBeTrue();
    }

    [Fact]
    public void An_empty_selector_of_pods_is_about_all_of_them()
    {
        var network = new TestNetwork(Policy(All, new V1NetworkPolicySpec()));

        network.May(Report, Cart).ShouldBeFalse();
        network.May(Report, Web).ShouldBeFalse();
        network.May(Web, Report).ShouldBeTrue();
    }

    [Fact]
    public void A_pod_always_reaches_itself() => new TestNetwork(Ingress(), Policy(All, new V1NetworkPolicySpec { PolicyTypes = ["Egress"] }))
        .May(Cart, Cart).ShouldBeTrue();

    [Fact]
    public void Without_policy_types_ingress_is_always_meant_and_egress_if_there_are_rules_about_it()
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
    public void Rules_of_a_direction_that_the_types_leave_out_mean_nothing()
    {
        var network = new TestNetwork(Policy(App("cart"), new V1NetworkPolicySpec { PolicyTypes = ["Egress"], Ingress = [From(Pods(App("nobody")))] }));

        network.May(Web, Cart).ShouldBeTrue();
        network.May(Cart, Web).ShouldBeFalse();
    }

    [Fact]
    public void A_policy_type_that_there_is_not_is_an_error() => Should.Throw<InvalidOperationException>(
        () => new TestNetwork(Policy(All, new V1NetworkPolicySpec { PolicyTypes = ["Sideways"] })).May(Web, Cart));
}
