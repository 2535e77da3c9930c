using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Ports;

public class PortResolverTests
{
    private static readonly DeclaredPort _metrics = new(0, 0, null, "metrics");
    private static readonly DeclaredPort _range = new(9000, 9002, "UDP", null);

    [Fact]
    public void Resolves_no_ports_to_every_port() => Resolve([], []).ShouldBe([]);

    [Fact]
    public void A_port_is_TCP_unless_a_protocol_is_given() =>
        Resolve([DeclaredPort.Single(80), new DeclaredPort(53, 53, "UDP", null)], []).ShouldBe([new PolicyPort("TCP", 80), new PolicyPort("UDP", 53)]);

    [Fact]
    public void Resolves_a_range_of_one_port_to_a_single_port() => Resolve([new DeclaredPort(80, 80, null, null)], []).ShouldBe([new PolicyPort("TCP", 80)]);

    [Fact]
    public void Resolves_a_range_to_a_port_with_an_end() => Resolve([_range], []).ShouldBe([new PolicyPort("UDP", 9000, 9002)]);

    [Fact]
    public void Without_endPort_a_small_range_is_written_as_single_ports() => PortResolver.Resolve([_range], [], supportsRanges: false, out _)
        .ShouldBe([new PolicyPort("UDP", 9000), new PolicyPort("UDP", 9001), new PolicyPort("UDP", 9002)]);

    [Fact]
    public void Without_endPort_a_large_range_is_left_out_and_reported()
    {
        var fits = new DeclaredPort(1, PortResolver.MaxExpandedRange, null, null);
        var tooLarge = new DeclaredPort(1, PortResolver.MaxExpandedRange + 1, null, null);

        PortResolver.Resolve([fits], [], supportsRanges: false, out var unsupported)!.Count.ShouldBe(PortResolver.MaxExpandedRange);
        unsupported.ShouldBeNull();
        PortResolver.Resolve([tooLarge, DeclaredPort.Single(80)], [], supportsRanges: false, out unsupported).ShouldBe([new PolicyPort("TCP", 80)]);
        unsupported.ShouldBe(tooLarge);

        // The result is null, because an empty list means every port.
        PortResolver.Resolve([tooLarge], [], supportsRanges: false, out unsupported).ShouldBeNull();
        unsupported.ShouldBe(tooLarge);
    }

    [Fact]
    public void A_name_becomes_the_number_and_the_protocol_that_all_Pods_have() =>
        Resolve([_metrics], [Pods(("metrics", 9090, "UDP"), ("http", 80, "TCP")), Pods(("metrics", 9090, "UDP"))]).ShouldBe([new PolicyPort("UDP", 9090)]);

    [Fact]
    public void A_name_that_a_Pod_has_twice_becomes_both_numbers() =>
        Resolve([_metrics], [Pods(("metrics", 9091, "TCP"), ("metrics", 9090, "TCP"))]).ShouldBe([new PolicyPort("TCP", 9090), new PolicyPort("TCP", 9091)]);

    [Fact]
    public void A_name_whose_number_differs_across_Pods_stays_a_name() =>
        Resolve([_metrics], [Pods(("metrics", 9090, "TCP")), Pods(("metrics", 9091, "TCP"))]).ShouldBe([new PolicyPort("TCP", "metrics")]);

    [Fact]
    public void A_name_whose_protocol_differs_across_Pods_stays_a_name_for_each_protocol() =>
        Resolve([_metrics], [Pods(("metrics", 9090, "TCP")), Pods(("metrics", 9090, "UDP"))])!
            .ShouldBe([new PolicyPort("TCP", "metrics"), new PolicyPort("UDP", "metrics")]);

    [Fact]
    public void A_name_that_some_Pods_lack_stays_a_name() =>
        Resolve([_metrics], [Pods(("metrics", 9090, "UDP")), Pods()]).ShouldBe([new PolicyPort("UDP", "metrics")]);

    [Fact]
    public void A_name_that_no_container_has_stays_a_name() => Resolve([_metrics], [Pods()]).ShouldBe([new PolicyPort("TCP", "metrics")]);

    [Fact]
    public void A_name_stands_for_every_protocol_when_no_Pods_are_known() =>
        Resolve([_metrics], [])!.Select(port => port.Protocol).ShouldBe(["TCP", "UDP", "SCTP"]);

    [Fact]
    public void Resolves_the_port_name_of_a_Service_for_one_protocol()
    {
        var pods = Pods(("dns", 5353, "UDP"), ("dns", 5354, "TCP"));

        PortResolver.ResolveName([pods], "dns", "UDP").ShouldBe([new PolicyPort("UDP", 5353)]);
        PortResolver.ResolveName([pods], "dns", "SCTP").ShouldBeNull();
        PortResolver.ResolveName([], "dns").ShouldBeNull();
    }

    private static IReadOnlyList<PolicyPort>? Resolve(DeclaredPort[] ports, Workload[] pods) => PortResolver.Resolve(ports, pods, supportsRanges: true, out _);

    private static Workload Pods(params (string Name, int Number, string Protocol)[] ports) =>
        Given.Workload("cart") with { Ports = [.. ports.Select(port => new ContainerPort(port.Name, port.Number, port.Protocol))] };
}
