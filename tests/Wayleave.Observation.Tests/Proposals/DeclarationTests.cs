using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;
using Wayleave.Observation.Proposals;

namespace Wayleave.Observation.Tests.Proposals;

public sealed class DeclarationTests
{
    private static readonly MapFacts _facts = new(
        [Cart],
        [
            new PartialService
            {
                Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "shop" },
                Spec = new PartialServiceSpec
                {
                    Selector = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "cart" },
                    Ports =
                    [
                        new PartialServicePort { Name = "http", Port = 80, TargetPort = 8080 },
                        new PartialServicePort { Name = "dns", Port = 53, Protocol = "UDP" },
                    ],
                },
            },
        ]);

    private static Workload Cart => new(WorkloadKind.Deployment, "shop", "cart", "uid", new V1LabelSelector())
    {
        PodLabels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "cart" },
        Ports = [new ContainerPort("http", 8080, "TCP"), new ContainerPort("metrics", 9090, "TCP")],
    };

    public static TheoryData<string, IntentTarget, bool> Targets => new()
    {
        { "the server", Workload("cart"), true },
        { "the server with its namespace and kind", Workload("cart.shop", "Deployment", 8080), true },
        { "a range around the port", Workload("cart", null, "8000-9000"), true },
        { "the name of the port", Workload("cart", null, "http"), true },
        { "the name of another port", Workload("cart", null, "metrics"), false },
        { "another port", Workload("cart", null, 8081), false },
        { "another protocol", Workload("cart", null, "8080/UDP"), false },
        { "another kind", Workload("cart", "StatefulSet", 8080), false },
        { "another namespace", Workload("cart.data", null, 8080), false },
        { "the labels of the server", new() { Kubernetes = new() { Name = "any", Selector = Labels("app", "cart") } }, true },
        { "other labels", new() { Kubernetes = new() { Name = "cart", Selector = Labels("app", "orders") } }, false },
        { "the Service that was used", Service("front"), true },
        { "a Service in front of the server", Service("web"), true },
        { "its port", Service("web", 80), true },
        { "its port by name", Service("web", "http"), true },
        { "another port of it", Service("web", 53), false },
        { "another Service", Service("other"), false },
        { "an address", new() { Internet = new() { Ips = ["0.0.0.0/0"] } }, false },
        { "an invalid target", Workload("Cart"), false },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_call_to_a_workload_is_declared_by(string what, IntentTarget target, bool expected) =>
        new DeclarationIndex([Intents(target)], _facts).IsDeclared(CallTo(Workload("cart", "Deployment", 8080), "front"))
            .ShouldBe(expected, what);

    [Theory]
    [InlineData("api.example.com", null, 443, true)]
    [InlineData("*.example.com", null, 443, true)]
    [InlineData("*.example.com", null, 80, false)]
    [InlineData("example.com", null, 443, false)]
    [InlineData(null, "203.0.113.0/24", 443, true)]
    [InlineData(null, "203.0.113.7", 443, false)]
    public void A_call_to_a_domain_is_declared_by_its_name_or_by_all_of_its_addresses(string? domain, string? range, int port, bool expected)
    {
        var declared = new IntentTarget
        {
            Internet = new() { Domains = domain is null ? null : [domain], Ips = range is null ? null : [range], Ports = [port] },
        };
        var call = CallTo(new() { Internet = new() { Domains = ["api.example.com"], Ports = [443] } });
        call.Call.Addresses = ["203.0.113.7", "203.0.113.8"];

        new DeclarationIndex([Intents(declared)], MapFacts.None).IsDeclared(call).ShouldBe(expected);
    }

    [Fact]
    public void Several_targets_declare_the_ports_of_one_call_together()
    {
        var call = CallTo(Workload("cart", null, 80, "53/UDP"));

        new DeclarationIndex([Intents(Workload("cart", null, 80)), Intents(Workload("cart", null, "53/UDP"))], MapFacts.None)
            .IsDeclared(call).ShouldBeTrue();
        new DeclarationIndex([Intents(Workload("cart", null, 80))], MapFacts.None).IsDeclared(call).ShouldBeFalse();
    }

    [Fact]
    public void An_object_that_is_being_deleted_or_only_for_other_clusters_declares_nothing()
    {
        var (deleted, other) = (Intents(Workload("cart")), Intents(Workload("cart")));
        deleted.Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        other.Spec.Clusters = new ClusterSelection { Names = ["east"] };

        new DeclarationIndex([deleted, other], MapFacts.None).IsDeclared(CallTo(Workload("cart"))).ShouldBeFalse();
    }

    [Fact]
    public void What_was_declared_and_not_seen_is_told_by_port_and_by_domain()
    {
        var map = MapOf(
            CallTo(Workload("cart", null, 8080)), CallTo(new() { Internet = new() { Domains = ["api.example.com"], Ports = [443] } }));
        var declared = new DeclarationIndex(
            [
                Intents(
                    Workload("cart", null, 8080, 9090), Workload("orders", "Deployment"), Service("web"),
                    new() { Internet = new() { Domains = ["api.example.com", "old.example.com"], Ports = [443] } }),
            ],
            MapFacts.None);

        MapComparison.Compare(map, declared, CallFilter.Everything).ShouldHaveSingleItem().Unseen
            .Select(unseen => $"{unseen.Target} {unseen.Ports}")
            .ShouldBe(["cart.shop 9090", "deployment/orders.shop ", "service/web.shop ", "old.example.com 443"]);
    }

    private static SeenMap MapOf(params SeenCall[] calls) => SeenMap.Read(
    [
        new ObservedIntents
        {
            Metadata = new V1ObjectMeta { Name = "deployment-checkout", NamespaceProperty = "shop" },
            Workload = new ObservedWorkload { Name = "checkout", Kind = "Deployment" },
            Calls = [.. calls.Select(call => call.Call)],
        },
    ]);

    private static SeenCall CallTo(IntentTarget target, string? service = null) =>
        new(new WorkloadId("shop", "Deployment", "checkout"), new ObservedCall { Target = target, Service = service, Outcome = "Connected" });

    private static ClientIntents Intents(params IntentTarget[] targets) => new()
    {
        Metadata = new V1ObjectMeta { Name = "checkout", NamespaceProperty = "shop" },
        Spec = new ClientIntentsSpec { Workload = new WorkloadRef { Name = "checkout" }, Targets = [.. targets] },
    };

    private static IntentTarget Workload(string name, string? kind = null, params PortNumberOrName[] ports) =>
        new() { Kubernetes = new KubernetesTarget { Name = name, Kind = kind, Ports = ports.Length == 0 ? null : [.. ports] } };

    private static IntentTarget Service(string name, params PortNumberOrName[] ports) =>
        new() { Service = new ServiceTarget { Name = name, Ports = ports.Length == 0 ? null : [.. ports] } };

    private static V1LabelSelector Labels(string key, string value) =>
        new() { MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { [key] = value } };
}
