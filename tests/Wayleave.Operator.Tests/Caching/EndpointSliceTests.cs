using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.Caching;

/// <summary>EndpointSlices of a fake API server, because that of the end-to-end tests does not serve them.</summary>
public sealed class EndpointSliceTests
{
    private const string Shop = "shop";

    [Fact]
    public async Task Follows_the_EndpointSlices_of_a_Service_without_a_selector()
    {
        await using var stage = new Stage(new Defaults(EnforcementMode.Enforce, Egress: true));
        Given(stage);
        stage.Cluster.User.Put(Slice("legacy-1", "IPv4", 5432, "203.0.113.7"));
        stage.Cluster.User.Put(Slice("legacy-2", "IPv6", 5432, "2001:db8::7"));
        stage.Cluster.User.Put(Slice("legacy-3", "FQDN", 5432, "db.example.com"));
        await stage.StartAsync(stage.Defaults);
        await stage.Operator.SettleAsync();
        Ranges(stage).ShouldBe(["2001:db8::7/128", "203.0.113.7/32"]);

        stage.Cluster.User.Delete<PartialEndpointSlice>(Shop, "legacy-1");
        stage.Cluster.User.Delete<PartialEndpointSlice>(Shop, "legacy-2");
        stage.Cluster.User.Put(Slice("legacy-4", "IPv6", 5432, "2001:db8::8"));
        await stage.Operator.SettleAsync();
        Ranges(stage).ShouldBe(["2001:db8::8/128"]);
    }

    [Fact]
    public async Task Drops_the_addresses_of_an_EndpointSlice_that_changes_to_another_Service()
    {
        await using var stage = new Stage(new Defaults(EnforcementMode.Enforce, Egress: true));
        Given(stage);
        stage.Cluster.User.Put(Slice("legacy-1", "IPv4", 5432, "203.0.113.7"));
        stage.Cluster.User.Put(Slice("legacy-2", "IPv4", 5432, "203.0.113.8"));
        await stage.StartAsync(stage.Defaults);
        await stage.Operator.SettleAsync();
        Ranges(stage).ShouldBe(["203.0.113.7/32", "203.0.113.8/32"]);

        stage.Cluster.User.Edit<PartialEndpointSlice>(Shop, "legacy-2", slice => slice.Metadata.Labels!["kubernetes.io/service-name"] = "other");
        await stage.Operator.SettleAsync();

        Ranges(stage).ShouldBe(["203.0.113.7/32"]);
    }

    private static List<string> Ranges(Stage stage) => stage.Cluster.List<V1NetworkPolicy>()
        .Single(policy => policy.Metadata.Name == "wayleave-deployment-checkout-egress").Spec!.Egress!
        .SelectMany(rule => rule.To ?? [])
        .Where(peer => peer.IpBlock is not null)
        .Select(peer => peer.IpBlock!.Cidr)
        .ToList();

    private static void Given(Stage stage)
    {
        var user = stage.Cluster.User;
        user.Put(new V1Namespace { Metadata = new V1ObjectMeta { Name = Shop, Labels = new Dictionary<string, string>() { [WayleaveLabels.NamespaceName] = Shop } } });
        user.Put(new PartialDeployment { Metadata = Meta("checkout"), Spec = new PartialWorkloadSpec { Selector = new() { MatchLabels = new Dictionary<string, string>() { ["app"] = "checkout" } } } });
        user.Put(new PartialService { Metadata = Meta("legacy"), Spec = new PartialServiceSpec { Ports = [new PartialServicePort { Port = 5432 }] } });
        user.Put(new ClientIntents
        {
            Metadata = Meta("checkout"),
            Spec = new ClientIntentsSpec { Workload = new WorkloadRef { Name = "checkout" }, Targets = [new IntentTarget { Service = new ServiceTarget { Name = "legacy" } }] },
        });
    }

    private static PartialEndpointSlice Slice(string name, string type, int port, string address)
    {
        var meta = Meta(name);
        meta.Labels = new Dictionary<string, string>() { ["kubernetes.io/service-name"] = "legacy" };
        return new PartialEndpointSlice
        {
            Metadata = meta,
            AddressType = type,
            Endpoints = [new PartialEndpointSliceEndpoint { Addresses = [address] }],
            Ports = [new PartialEndpointSlicePort { Port = port, Protocol = "TCP" }],
        };
    }

    private static V1ObjectMeta Meta(string name) => new() { Name = name, NamespaceProperty = Shop };
}
