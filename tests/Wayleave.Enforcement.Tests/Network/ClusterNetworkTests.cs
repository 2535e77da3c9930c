using k8s.Models;
using Wayleave.Enforcement.Network;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Network;

public class ClusterNetworkTests
{
    private static readonly Dictionary<string, string> _labels = new() { ["k8s-app"] = "kube-dns", ["tier"] = "system" };

    private static readonly PartialService _service = new()
    {
        Metadata = Given.Meta("kube-dns", "kube-system"),
        Spec = new PartialServiceSpec
        {
            Selector = new() { ["k8s-app"] = "kube-dns" },
            Ports = [new() { Port = 53, TargetPort = "dns", Protocol = "UDP" }, new() { Port = 53, TargetPort = "dns-tcp" }, new() { Port = 9153 }],
        },
    };

    private static readonly Workload _coreDns = Given.Workload("coredns", "kube-system") with
    {
        PodLabels = _labels,
        Ports = [new ContainerPort("dns", 5353, "UDP"), new ContainerPort("dns-tcp", 5353, "TCP")],
    };

    private readonly ClusterNetwork _network = new() { Dns = [DnsServer.Read(_service, [_coreDns])!] };

    [Fact]
    public void The_ports_of_the_DNS_are_those_that_its_Pods_listen_on() =>
        _network.Dns[0].Ports.ShouldBe([new PolicyPort("TCP", 5353), new PolicyPort("UDP", 5353), new PolicyPort("TCP", 9153)]);

    [Theory]
    [InlineData("k8s-app", "kube-dns", true)]
    [InlineData("tier", "system", true)]
    [InlineData("k8s-app", "metrics-server", false)]
    [InlineData("app", "kube-dns", false)]
    public void A_selector_that_matches_Pods_of_the_DNS_selects_it(string key, string value, bool selects)
    {
        _network.SelectsDns("kube-system", Given.Selector((key, value))).ShouldBe(selects);
        _network.SelectsDns("shop", Given.Selector((key, value))).ShouldBeFalse();
    }

    [Theory]
    [InlineData("k8s-app", "Exists", true)]
    [InlineData("absent", "DoesNotExist", true)]
    [InlineData("absent", "Exists", false)]
    [InlineData("tier", "DoesNotExist", true)]
    public void So_does_a_selector_of_expressions(string key, string @operator, bool selects) => _network
        .SelectsDns("kube-system", new V1LabelSelector { MatchExpressions = [new() { Key = key, OperatorProperty = @operator }] }).ShouldBe(selects);

    [Fact]
    public void Without_known_workloads_the_selector_of_the_Service_says_what_the_Pods_are()
    {
        var network = new ClusterNetwork { Dns = [DnsServer.Read(_service, [])!] };

        network.SelectsDns("kube-system", Given.Selector(("k8s-app", "kube-dns"))).ShouldBeTrue();
        network.SelectsDns("kube-system", Given.Selector(("tier", "system"))).ShouldBeFalse();
    }

    [Fact]
    public void A_Service_without_Pods_is_no_DNS()
    {
        DnsServer.Read(null, []).ShouldBeNull();
        DnsServer.Read(new PartialService { Metadata = Given.Meta("kube-dns"), Spec = new PartialServiceSpec() }, []).ShouldBeNull();
    }

    [Fact]
    public void What_is_read_twice_is_equal_and_other_Pods_are_not()
    {
        DnsServer.Read(_service, [_coreDns]).ShouldBe(DnsServer.Read(_service, [_coreDns]));
        DnsServer.Read(_service, [_coreDns]).ShouldNotBe(DnsServer.Read(_service, [_coreDns with { PodLabels = new Dictionary<string, string>(_labels) { ["version"] = "2" } }]));
        DnsServer.Read(_service, [_coreDns]).ShouldNotBe(DnsServer.Read(_service, []));
    }
}
