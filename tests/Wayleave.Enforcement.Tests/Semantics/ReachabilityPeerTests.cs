using k8s.Models;

using static Wayleave.Enforcement.Tests.Semantics.TestNetwork;

namespace Wayleave.Enforcement.Tests.Semantics;

/// <summary>Who is meant by a peer.</summary>
public class ReachabilityPeerTests
{
    [Fact]
    public void A_selector_of_pods_alone_means_pods_of_the_policys_own_namespace()
    {
        var network = new TestNetwork(Ingress(From(Pods(App("web")))));

        network.May(Web, Cart).ShouldBeTrue();
        network.May(Report, Cart).ShouldBeFalse();
    }

    [Fact]
    public void A_selector_of_namespaces_alone_means_all_of_their_pods()
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
    public void Of_two_peers_either_may_match()
    {
        var network = new TestNetwork(Ingress(From(new V1NetworkPolicyPeer { NamespaceSelector = Named("data") }, Pods(App("web")))));

        network.May(Report, Cart).ShouldBeTrue();
        network.May(Store, Cart).ShouldBeTrue();
        network.May(Web, Cart).ShouldBeTrue();
        network.May(Lone, Cart).ShouldBeFalse();
    }

    [Fact]
    public void Empty_selectors_mean_all()
    {
        new TestNetwork(Ingress(From(Pods(All)))).May(Report, Cart).ShouldBeFalse();
        var network = new TestNetwork(Ingress(From(new V1NetworkPolicyPeer { NamespaceSelector = All })));

        network.May(Report, Cart).ShouldBeTrue();
        network.May(Lone, Cart).ShouldBeTrue();
        network.MayEnter("203.0.113.1", Cart).ShouldBeFalse();
    }

    [Fact]
    public void A_namespace_without_the_label_is_not_selected_by_it()
    {
        var network = new TestNetwork(Ingress(From(new V1NetworkPolicyPeer { NamespaceSelector = Named("bare"), PodSelector = All })));

        network.May(Lone, Cart).ShouldBeFalse();
    }

    [Fact]
    public void Absent_peers_are_everybody_and_so_is_an_empty_list()
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
    public void A_peer_of_egress_is_looked_for_among_the_servers()
    {
        var network = new TestNetwork(Egress(To(new V1NetworkPolicyPeer { NamespaceSelector = Named("data"), PodSelector = App("cart") })));

        network.May(Web, Store).ShouldBeTrue();
        network.May(Web, Report).ShouldBeFalse();
        network.May(Web, Cart).ShouldBeFalse();
        network.MayLeave(Web, "10.0.1.1").ShouldBeFalse();
    }

    [Fact]
    public void A_block_of_addresses_means_those_and_not_what_it_excepts()
    {
        var network = new TestNetwork(Egress(To(Block("203.0.113.0/24", "203.0.113.64/26"))));

        network.MayLeave(Web, "203.0.113.1").ShouldBeTrue();
        network.MayLeave(Web, "203.0.113.127").ShouldBeFalse();
        network.MayLeave(Web, "203.0.113.128").ShouldBeTrue();
        network.MayLeave(Web, "203.0.114.1").ShouldBeFalse();
        network.MayLeave(Web, "2001:db8::1").ShouldBeFalse();
    }

    [Fact]
    public void A_block_of_addresses_means_pods_that_have_them_too()
    {
        var network = new TestNetwork(Ingress(From(Block("10.0.1.0/24", "10.0.1.2/32"))));

        network.May(Store, Cart).ShouldBeTrue();
        network.May(Report, Cart).ShouldBeFalse();
        network.May(Web, Cart).ShouldBeFalse();
    }

    [Fact]
    public void A_block_counts_from_its_first_address_wherever_in_it_it_is_written() =>
        new TestNetwork(Egress(To(Block("203.0.113.9/24")))).MayLeave(Web, "203.0.113.200").ShouldBeTrue();

    [Fact]
    public void A_peer_that_says_nothing_or_mixes_addresses_with_selectors_is_an_error()
    {
        var mixed = Block("10.0.0.0/8");
        mixed.PodSelector = All;

        Should.Throw<InvalidOperationException>(() => new TestNetwork(Ingress(From(new V1NetworkPolicyPeer()))).May(Web, Cart));
        Should.Throw<InvalidOperationException>(() => new TestNetwork(Ingress(From(mixed))).May(Web, Cart));
    }
}
