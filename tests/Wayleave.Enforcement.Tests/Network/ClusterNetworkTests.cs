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
    public void Reads_the_DNS_ports_that_the_Pods_listen_on() =>
        _network.Dns[0].Ports.ShouldBe([new PolicyPort("TCP", 5353), new PolicyPort("UDP", 5353), new PolicyPort("TCP", 9153)]);

    [Theory]
    [InlineData("k8s-app", "kube-dns", true)]
    [InlineData("tier", "system", true)]
    [InlineData("k8s-app", "metrics-server", false)]
    [InlineData("app", "kube-dns", false)]
    public void Only_a_selector_that_matches_the_DNS_Pods_in_their_namespace_selects_DNS(string key, string value, bool selects)
    {
        _network.SelectsDns("kube-system", Given.Selector((key, value))).ShouldBe(selects);
        _network.SelectsDns("shop", Given.Selector((key, value))).ShouldBeFalse();
    }

    [Theory]
    [InlineData("k8s-app", "Exists", true)]
    [InlineData("absent", "DoesNotExist", true)]
    [InlineData("absent", "Exists", false)]
    [InlineData("tier", "DoesNotExist", true)]
    public void Matches_expressions_against_the_DNS_Pods_and_the_selector_of_their_Service(string key, string @operator, bool selects) => _network
        .SelectsDns("kube-system", new V1LabelSelector { MatchExpressions = [new() { Key = key, OperatorProperty = @operator }] }).ShouldBe(selects);

    [Fact]
    public void Uses_the_selector_of_the_DNS_Service_when_no_workload_is_known()
    {
        var network = new ClusterNetwork { Dns = [DnsServer.Read(_service, [])!] };

        network.SelectsDns("kube-system", Given.Selector(("k8s-app", "kube-dns"))).ShouldBeTrue();
        network.SelectsDns("kube-system", Given.Selector(("tier", "system"))).ShouldBeFalse();
    }

    [Fact]
    public void Finds_no_DNS_without_a_Service_that_has_a_selector()
    {
        DnsServer.Read(null, []).ShouldBeNull();
        DnsServer.Read(new PartialService { Metadata = Given.Meta("kube-dns"), Spec = new PartialServiceSpec() }, []).ShouldBeNull();
    }

    [Fact]
    public void DNS_servers_are_equal_only_when_their_Pods_are()
    {
        DnsServer.Read(_service, [_coreDns]).ShouldBe(DnsServer.Read(_service, [_coreDns]));
        DnsServer.Read(_service, [_coreDns]).ShouldNotBe(DnsServer.Read(_service, [_coreDns with { PodLabels = new Dictionary<string, string>(_labels) { ["version"] = "2" } }]));
        DnsServer.Read(_service, [_coreDns]).ShouldNotBe(DnsServer.Read(_service, []));
    }
}
