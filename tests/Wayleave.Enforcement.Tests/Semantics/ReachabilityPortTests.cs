using k8s.Models;

using static Wayleave.Enforcement.Tests.Semantics.TestNetwork;

namespace Wayleave.Enforcement.Tests.Semantics;

/// <summary>The ports that a rule allows.</summary>
public class ReachabilityPortTests
{
    [Fact]
    public void Absent_or_empty_ports_allow_every_port_of_every_protocol()
    {
        foreach (var rule in new[] { From(Pods(App("web"))), new V1NetworkPolicyIngressRule { Ports = [] } })
        {
            new TestNetwork(Ingress(rule)).May(Web, Cart, 1234).ShouldBeTrue();
            new TestNetwork(Ingress(rule)).MayUdp(Web, Cart, 1234).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_port_without_a_protocol_is_a_TCP_port()
    {
        var network = new TestNetwork(Ingress(At(new V1NetworkPolicyPort { Port = 8080 })));

        network.May(Web, Cart, 8080).ShouldBeTrue();
        network.MayUdp(Web, Cart, 8080).ShouldBeFalse();
        network.May(Web, Cart, 8081).ShouldBeFalse();
    }

    [Fact]
    public void A_protocol_without_a_port_allows_all_of_its_ports()
    {
        var network = new TestNetwork(Ingress(At(new V1NetworkPolicyPort { Protocol = "UDP" })));

        network.MayUdp(Web, Cart, 1234).ShouldBeTrue();
        network.May(Web, Cart, 1234).ShouldBeFalse();
    }

    [Fact]
    public void Any_of_several_ports_may_match_and_a_peer_must_match_too()
    {
        var rule = At(new V1NetworkPolicyPort { Port = 80 }, new V1NetworkPolicyPort { Port = 53, Protocol = "UDP" });
        rule.FromProperty = [Pods(App("web"))];
        var network = new TestNetwork(Ingress(rule));

        network.May(Web, Cart, 80).ShouldBeTrue();
        network.MayUdp(Web, Cart, 53).ShouldBeTrue();
        network.May(Web, Cart, 53).ShouldBeFalse();
        network.May(Report, Cart, 80).ShouldBeFalse();
    }

    [Fact]
    public void Resolves_a_port_name_on_the_server()
    {
        var port = new V1NetworkPolicyPort { Port = "http" };
        var ingress = new TestNetwork(Policy(All, new V1NetworkPolicySpec { Ingress = [At(port)] }), Policy(All, new V1NetworkPolicySpec { Ingress = [At(port)] }, "data"));
        ingress.May(Web, Cart, 8080).ShouldBeTrue();
        ingress.May(Web, Cart, 9090).ShouldBeFalse();
        ingress.May(Web, Store, 9090).ShouldBeTrue();
        ingress.May(Cart, Web, 8080).ShouldBeFalse();

        var egress = new TestNetwork(Egress(new V1NetworkPolicyEgressRule { Ports = [port] }));
        egress.May(Web, Cart, 8080).ShouldBeTrue();
        egress.May(Web, Store, 8080).ShouldBeFalse();
        egress.May(Web, Store, 9090).ShouldBeTrue();
        egress.MayLeave(Web, "203.0.113.1", 8080).ShouldBeFalse();
    }

    [Fact]
    public void A_port_name_matches_only_with_its_protocol()
    {
        var tcp = new TestNetwork(Ingress(At(new V1NetworkPolicyPort { Port = "dns" })));
        var udp = new TestNetwork(Ingress(At(new V1NetworkPolicyPort { Port = "dns", Protocol = "UDP" })));

        tcp.May(Web, Cart, 53).ShouldBeFalse();
        tcp.MayUdp(Web, Cart, 53).ShouldBeFalse();
        udp.MayUdp(Web, Cart, 53).ShouldBeTrue();
        udp.May(Web, Cart, 53).ShouldBeFalse();
    }

    [Fact]
    public void A_port_range_includes_both_ends()
    {
        var network = new TestNetwork(Ingress(At(new V1NetworkPolicyPort { Port = 8080, EndPort = 8090 })));

        network.May(Web, Cart, 8079).ShouldBeFalse();
        network.May(Web, Cart, 8080).ShouldBeTrue();
        network.May(Web, Cart, 8090).ShouldBeTrue();
        network.May(Web, Cart, 8091).ShouldBeFalse();
        network.MayUdp(Web, Cart, 8085).ShouldBeFalse();
    }

    [Fact]
    public void Throws_for_a_port_range_that_starts_with_a_name_or_nothing()
    {
        foreach (var port in new[] { new V1NetworkPolicyPort { Port = "http", EndPort = 9000 }, new V1NetworkPolicyPort { EndPort = 9000 } })
        {
            Should.Throw<InvalidOperationException>(() => new TestNetwork(Ingress(At(port))).May(Web, Cart));
        }
    }

    [Fact]
    public void Throws_for_an_unknown_protocol() => Should.Throw<InvalidOperationException>(
        () => new TestNetwork(Ingress(At(new V1NetworkPolicyPort { Protocol = "tcp" }))).May(Web, Cart));
}
