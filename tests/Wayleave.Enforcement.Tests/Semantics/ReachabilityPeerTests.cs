using k8s.Models;

using static Wayleave.Enforcement.Tests.Semantics.TestNetwork;

namespace Wayleave.Enforcement.Tests.Semantics;

/// <summary>The Pods and addresses that a peer selects.</summary>
public class ReachabilityPeerTests
{
    [Fact]
    public void A_podSelector_alone_selects_Pods_in_the_namespace_of_the_policy()
    {
        var network = new TestNetwork(Ingress(From(Pods(App("web")))));

        network.May(Web, Cart).ShouldBeTrue();
        network.May(Report, Cart).ShouldBeFalse();
    }

    [Fact]
    public void A_namespaceSelector_alone_selects_all_Pods_of_the_namespaces()
    {
        var network = new TestNetwork(Ingress(From(new V1NetworkPolicyPeer { NamespaceSelector = Named("data") })));

        network.May(Store, Cart).ShouldBeTrue();
        network.May(Report, Cart).ShouldBeTrue();
        network.May(Web, Cart).ShouldBeFalse();
    }

    [Fact]
    public void Two_selectors_in_one_peer_must_both_match()
    {
        var network = new TestNetwork(Ingress(From(new V1NetworkPolicyPeer { NamespaceSelector = Named("data"), PodSelector = App("web") })));

        network.May(Report, Cart).ShouldBeTrue();
        network.May(Store, Cart).ShouldBeFalse();
        network.May(Web, Cart).ShouldBeFalse();
    }

    [Fact]
    public void Either_of_two_peers_may_match()
    {
        var network = new TestNetwork(Ingress(From(new V1NetworkPolicyPeer { NamespaceSelector = Named("data") }, Pods(App("web")))));

        network.May(Report, Cart).ShouldBeTrue();
        network.May(Store, Cart).ShouldBeTrue();
        network.May(Web, Cart).ShouldBeTrue();
        network.May(Lone, Cart).ShouldBeFalse();
    }

    [Fact]
    public void An_empty_podSelector_stays_in_its_namespace_and_an_empty_namespaceSelector_selects_every_Pod()
    {
        new TestNetwork(Ingress(From(Pods(All)))).May(Report, Cart).ShouldBeFalse();
        var network = new TestNetwork(Ingress(From(new V1NetworkPolicyPeer { NamespaceSelector = All })));

        network.May(Report, Cart).ShouldBeTrue();
        network.May(Lone, Cart).ShouldBeTrue();
        network.MayEnter("203.0.113.1", Cart).ShouldBeFalse();
    }

    [Fact]
    public void A_namespaceSelector_does_not_select_a_namespace_without_the_label()
    {
        var network = new TestNetwork(Ingress(From(new V1NetworkPolicyPeer { NamespaceSelector = Named("bare"), PodSelector = All })));

        network.May(Lone, Cart).ShouldBeFalse();
    }

    [Fact]
    public void Absent_or_empty_peers_allow_everyone()
    {
        foreach (var rule in new[] { new V1NetworkPolicyIngressRule(), new V1NetworkPolicyIngressRule { FromProperty = [] } })
        {
            var network = new TestNetwork(Ingress(rule));
            network.May(Lone, Cart).ShouldBeTrue();
            network.MayEnter("203.0.113.1", Cart).ShouldBeTrue();
        }

        new TestNetwork(Egress(new V1NetworkPolicyEgressRule())).MayLeave(Web, "203.0.113.1").ShouldBeTrue();
    }

    [Fact]
    public void A_peer_of_an_egress_rule_selects_servers()
    {
        var network = new TestNetwork(Egress(To(new V1NetworkPolicyPeer { NamespaceSelector = Named("data"), PodSelector = App("cart") })));

        network.May(Web, Store).ShouldBeTrue();
        network.May(Web, Report).ShouldBeFalse();
        network.May(Web, Cart).ShouldBeFalse();
        network.MayLeave(Web, "10.0.1.1").ShouldBeFalse();
    }

    [Fact]
    public void An_ipBlock_selects_its_addresses_without_the_exceptions()
    {
        var network = new TestNetwork(Egress(To(Block("203.0.113.0/24", "203.0.113.64/26"))));

        network.MayLeave(Web, "203.0.113.1").ShouldBeTrue();
        network.MayLeave(Web, "203.0.113.127").ShouldBeFalse();
        network.MayLeave(Web, "203.0.113.128").ShouldBeTrue();
        network.MayLeave(Web, "203.0.114.1").ShouldBeFalse();
        network.MayLeave(Web, "2001:db8::1").ShouldBeFalse();
    }

    [Fact]
    public void An_ipBlock_selects_Pods_by_their_addresses_too()
    {
        var network = new TestNetwork(Ingress(From(Block("10.0.1.0/24", "10.0.1.2/32"))));

        network.May(Store, Cart).ShouldBeTrue();
        network.May(Report, Cart).ShouldBeFalse();
        network.May(Web, Cart).ShouldBeFalse();
    }

    [Fact]
    public void An_ipBlock_ignores_the_host_bits_of_its_address() =>
        new TestNetwork(Egress(To(Block("203.0.113.9/24")))).MayLeave(Web, "203.0.113.200").ShouldBeTrue();

    [Fact]
    public void Throws_for_a_peer_that_is_empty_or_mixes_an_ipBlock_with_selectors()
    {
        var mixed = Block("10.0.0.0/8");
        mixed.PodSelector = All;

        Should.Throw<InvalidOperationException>(() => new TestNetwork(Ingress(From(new V1NetworkPolicyPeer()))).May(Web, Cart));
        Should.Throw<InvalidOperationException>(() => new TestNetwork(Ingress(From(mixed))).May(Web, Cart));
    }
}
