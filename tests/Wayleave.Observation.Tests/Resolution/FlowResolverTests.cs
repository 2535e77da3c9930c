using System.Collections.Immutable;
using System.Net;
using Wayleave.Api;
using Wayleave.Observation.Resolution;
using Wayleave.Observation.Tests.Support;

namespace Wayleave.Observation.Tests.Resolution;

public sealed class FlowResolverTests
{
    private readonly Shop _shop = new();
    private readonly PodFacts _checkout;
    private readonly ObservedClient _client;

    public FlowResolverTests()
    {
        _checkout = _shop.AddDeploymentPod("checkout", "10.1.0.1");
        _client = Shop.Client(_checkout);
    }

    [Fact]
    public void Attributes_a_call_to_a_Service_to_the_workload_of_the_Pod_that_answered()
    {
        _shop.AddDeploymentPod("cart", "10.1.0.2");
        _shop.AddService("cart", "10.96.0.1", 80, 8080, "10.1.0.2");

        var call = _shop.ResolveOne(Shop.Flow(_client, "10.96.0.1", 80, "10.1.0.2", 8080));

        call.Client.ShouldBe(Shop.Checkout);
        call.Target.ShouldBe(CallTarget.Workload(new WorkloadIdentity(Shop.Cart)));
        call.Ports.ShouldBe([8080]);
        call.Service.ShouldBe(new ObjectKey("shop", "cart"));
        (call.IsAmbiguous, call.IsInfrastructure).ShouldBe((false, false));
    }

    [Fact]
    public void Attributes_an_unanswered_call_to_a_Service_to_all_workloads_behind_it()
    {
        _shop.AddDeploymentPod("cart", "10.1.0.2");
        _shop.AddDeploymentPod("cart", "10.1.0.3");
        _shop.AddDeploymentPod("cart-canary", "10.1.0.4");
        _shop.AddService("cart", "10.96.0.1", 80, 8080, "10.1.0.2", "10.1.0.3", "10.1.0.4");

        var calls = _shop.Resolve(Shop.Flow(_client, "10.96.0.1", 80)).Calls;

        calls.Select(call => call.Target.Name).ShouldBe(["cart", "cart-canary"], ignoreOrder: true);
        calls.ShouldAllBe(call => call.IsAmbiguous && call.Ports[0] == 8080);
    }

    [Fact]
    public void Is_not_ambiguous_if_one_workload_stands_behind_a_Service()
    {
        _shop.AddDeploymentPod("cart", "10.1.0.2");
        _shop.AddService("cart", "10.96.0.1", 80, 8080, "10.1.0.2");

        _shop.ResolveOne(Shop.Flow(_client, "10.96.0.1", 80)).IsAmbiguous.ShouldBeFalse();
    }

    [Fact]
    public void Names_a_Service_without_Pods_itself()
    {
        _shop.AddService("legacy", "10.96.0.9", 80, 8080, "203.0.113.7");

        var call = _shop.ResolveOne(Shop.Flow(_client, "10.96.0.9", 80));

        (call.Target, call.Ports[0]).ShouldBe((CallTarget.Service(new ObjectKey("shop", "legacy")), 80));
    }

    [Fact]
    public void Finds_a_Service_by_its_external_address_and_by_the_port_of_a_node()
    {
        _shop.AddDeploymentPod("web", "10.1.0.5");
        _shop.Cluster.SetNode(new NodeFacts(Shop.Node, [IPAddress.Parse("192.0.2.1")], []), Shop.Start);
        var key = new ObjectKey("shop", "web");
        _shop.Cluster.Services.Set(
            new ServiceFacts { Key = key, ExternalAddresses = [IPAddress.Parse("198.51.100.1")], Ports = [new ServicePortFacts("http", 80, 30080, 8080)] },
            Shop.Start);
        _shop.Cluster.Services.SetEndpoints(key, new EndpointFacts(key, [IPAddress.Parse("10.1.0.5")], [new EndpointPortFacts("http", 8080)]));

        foreach (var (address, port) in new[] { ("198.51.100.1", 80), ("192.0.2.1", 30080) })
        {
            var call = _shop.ResolveOne(Shop.Flow(_client, address, port));
            (call.Target.Name, call.Ports[0]).ShouldBe(("web", 8080));
        }
    }

    [Fact]
    public void Names_the_API_server_by_its_Service_whichever_address_was_called()
    {
        _shop.AddService("default", "kubernetes", "10.96.0.2", [new ServicePortFacts("https", 443, 0, 6443)], 6443, "192.0.2.10");
        _shop.Cluster.SetNode(new NodeFacts("control-plane", [IPAddress.Parse("192.0.2.10")], []), Shop.Start);

        foreach (var flow in new[] { Shop.Flow(_client, "10.96.0.2", 443, "192.0.2.10", 6443), Shop.Flow(_client, "192.0.2.10", 6443) })
        {
            var call = _shop.ResolveOne(flow);
            (call.Target, call.Ports[0], call.IsInfrastructure).ShouldBe((CallTarget.Service(new ObjectKey("default", "kubernetes")), 443, false));
        }

        _shop.Resolve(Shop.Flow(_client, "192.0.2.10", 10250)).Reason.ShouldBe(UnresolvedReason.NodeServer);
    }

    [Fact]
    public void Does_not_record_calls_of_nodes()
    {
        _shop.Cluster.SetNode(new NodeFacts(Shop.Node, [IPAddress.Parse("192.0.2.1")], []), Shop.Start);
        var probe = new ObservedClient(PodUid: null, [IPAddress.Parse("192.0.2.1")], IsHostNetwork: true);

        _shop.Resolve(Shop.Flow(probe, "10.1.0.1", 8080, "10.1.0.1", 8080)).Reason.ShouldBe(UnresolvedReason.NodeClient);
    }

    [Fact]
    public void Records_calls_of_a_host_network_Pod_whose_UID_is_known()
    {
        var agent = _shop.AddPod("agent-1", "192.0.2.1", controller: new ControllerReference("apps/v1", "DaemonSet", "agent", "u"), isHostNetwork: true);
        _shop.AddDeploymentPod("cart", "10.1.0.2");

        var call = _shop.ResolveOne(Shop.Flow(Shop.Client(agent) with { IsHostNetwork = true }, "10.1.0.2", 8080, "10.1.0.2", 8080));

        call.Client.ShouldBe(new WorkloadKey("shop", WorkloadKindNames.DaemonSet, "agent"));
    }

    [Fact]
    public void Finds_a_static_Pod_by_the_UID_of_the_kubelet()
    {
        var kubeletUid = Guid.NewGuid();
        var mirror = _shop.AddPod("proxy-node-1", "192.0.2.1", "kube-system", new ControllerReference("v1", "Node", Shop.Node, "u"), isHostNetwork: true);
        _shop.Cluster.SetPod(mirror with { StaticUid = kubeletUid }, Shop.Start);

        var call = _shop.ResolveOne(Shop.Flow(new ObservedClient(kubeletUid, [], IsHostNetwork: true), "203.0.113.1", 443));

        (call.Client, call.IsInfrastructure).ShouldBe((new WorkloadKey("kube-system", WorkloadKindNames.Pod, "proxy"), true));
    }

    [Fact]
    public void Waits_for_a_Pod_that_the_API_server_does_not_have_yet()
    {
        var unknown = new ObservedClient(Guid.NewGuid(), [], IsHostNetwork: false);

        var resolution = _shop.Resolve(Shop.Flow(unknown, "10.1.0.1", 80), isLast: false);

        (resolution.CanWait, resolution.Reason).ShouldBe((true, UnresolvedReason.UnknownPod));
    }

    [Fact]
    public void A_sensor_cannot_speak_of_the_Pods_of_another_node()
    {
        var address = new ObservedClient(PodUid: null, _checkout.Addresses, IsHostNetwork: false);

        _shop.Resolve(Shop.Flow(_client, "203.0.113.1", 443), node: "node-2").Reason.ShouldBe(UnresolvedReason.OtherNode);
        _shop.Resolve(Shop.Flow(address, "203.0.113.1", 443), node: "node-2").Reason.ShouldBe(UnresolvedReason.OtherNode);
        _shop.Resolve(Shop.Flow(address, "203.0.113.1", 443)).Calls.ShouldHaveSingleItem().Client.ShouldBe(Shop.Checkout);
    }

    [Fact]
    public void Attributes_calls_to_a_reused_address_to_the_Pod_that_had_it_then()
    {
        var old = _shop.AddDeploymentPod("cart", "10.1.0.9", startedAt: Shop.Start);
        _shop.Cluster.RemovePod(old.Uid, Shop.Start.AddSeconds(30));
        _shop.AddDeploymentPod("orders", "10.1.0.9", startedAt: Shop.Start.AddSeconds(20));

        Target(10).ShouldBe("cart");
        Target(25).ShouldBe("orders");
        Target(60).ShouldBe("orders");

        string Target(int seconds) =>
            _shop.ResolveOne(Shop.Flow(_client, "10.1.0.9", 80, "10.1.0.9", 80, Shop.Start.AddSeconds(seconds))).Target.Name;
    }

    [Fact]
    public void Attributes_calls_of_a_Pod_that_lived_two_seconds_after_it_is_gone()
    {
        var job = _shop.AddPod("migrate-x", "10.1.0.8", controller: new ControllerReference("batch/v1", "Job", "migrate", "job"), startedAt: Shop.Start);
        _shop.Cluster.SetOwner("job", new OwnerFacts(Controller: null));
        _shop.Cluster.RemovePod(job.Uid, Shop.Start.AddSeconds(2));
        _shop.Cluster.RemoveOwner("job", Shop.Start.AddSeconds(2));
        _shop.AddDeploymentPod("cart", "10.1.0.2");
        _shop.Cluster.Sweep(Shop.Start.AddMinutes(5));

        var call = _shop.ResolveOne(Shop.Flow(Shop.Client(job), "10.1.0.2", 80, "10.1.0.2", 80, Shop.Start.AddSeconds(1)));

        call.Client.ShouldBe(new WorkloadKey("shop", WorkloadKindNames.Job, "migrate"));
        _shop.Cluster.Sweep(Shop.Start.AddMinutes(61));
        _shop.Resolve(Shop.Flow(Shop.Client(job), "10.1.0.2", 80, "10.1.0.2", 80)).Reason.ShouldBe(UnresolvedReason.UnknownPod);
    }

    [Fact]
    public void Frees_the_address_of_a_Pod_that_has_finished()
    {
        var job = _shop.AddPod("migrate-x", "10.1.0.8", startedAt: Shop.Start);
        _shop.Cluster.SetPod(job with { IsFinished = true }, Shop.Start.AddSeconds(5));

        _shop.Cluster.FindPod(IPAddress.Parse("10.1.0.8"), Shop.Start.AddMinutes(10)).ShouldBeNull();
        _shop.Cluster.FindPod(IPAddress.Parse("10.1.0.8"), Shop.Start.AddSeconds(3)).ShouldNotBeNull();
    }

    [Fact]
    public void Names_an_address_outside_by_what_this_client_had_asked_for()
    {
        var other = Shop.Client(_shop.AddDeploymentPod("orders", "10.1.0.3"));
        _shop.Resolver.Resolve(Shop.Node, Shop.Answer(_client, "api.example.com", "203.0.113.5"));
        _shop.Resolver.Resolve(Shop.Node, Shop.Answer(other, "cdn.example.net", "203.0.113.5"));

        var call = _shop.ResolveOne(Shop.Flow(_client, "203.0.113.5", 443, "203.0.113.5", 443, Shop.Start.AddMinutes(2)));

        (call.Target, call.Ports[0]).ShouldBe((CallTarget.Domain("api.example.com"), 443));
    }

    [Fact]
    public void Names_an_address_by_itself_when_the_answer_has_expired()
    {
        _shop.Resolver.Resolve(Shop.Node, Shop.Answer(_client, "api.example.com", "203.0.113.5", ttl: 60));

        Target(10.9).ShouldBe(CallTarget.Domain("api.example.com"));
        Target(11.1).ShouldBe(CallTarget.Address(IPAddress.Parse("203.0.113.5")));

        CallTarget Target(double minutes) => _shop.ResolveOne(Shop.Flow(_client, "203.0.113.5", 443, at: Shop.Start.AddMinutes(minutes))).Target;
    }

    [Fact]
    public void Waits_for_the_answer_of_DNS_before_it_names_an_address_by_itself()
    {
        var flow = Shop.Flow(_client, "203.0.113.5", 443);

        _shop.Resolve(flow, isLast: false).CanWait.ShouldBeTrue();
        _shop.ResolveOne(flow).Target.Type.ShouldBe(CallTargetType.Address);
    }

    [Fact]
    public void Records_an_answer_for_a_name_outside_the_cluster_as_a_call_without_ports()
    {
        var call = _shop.Resolver.Resolve(Shop.Node, Shop.Answer(_client, "api.example.com", "203.0.113.5")).Calls.ShouldHaveSingleItem();

        (call.Source, call.Target, call.Ports.Length).ShouldBe((ObservedSources.Dns, CallTarget.Domain("api.example.com"), 0));
        _shop.Resolver.Resolve(Shop.Node, Shop.Answer(_client, "cart.shop.svc.cluster.local", "10.96.0.1")).Calls.ShouldBeEmpty();
        _shop.AddService("cart", "10.96.0.1", 80, 8080);
        _shop.Resolver.Resolve(Shop.Node, Shop.Answer(_client, "cart.example.com", "10.96.0.1")).Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.251")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    public void Drops_addresses_that_are_not_called_over_a_network(string address) =>
        _shop.Resolve(Shop.Flow(_client, address, 80)).Reason.ShouldBe(UnresolvedReason.LocalAddress);

    [Fact]
    public void Does_not_take_an_unknown_address_of_the_cluster_for_one_outside()
    {
        _shop.Cluster.SetNode(new NodeFacts(Shop.Node, [], [IPNetwork.Parse("10.1.0.0/24")]), Shop.Start);

        _shop.Resolve(Shop.Flow(_client, "10.1.0.77", 80)).Reason.ShouldBe(UnresolvedReason.UnknownAddress);
    }

    [Fact]
    public void Marks_calls_from_and_to_the_namespaces_of_the_infrastructure()
    {
        _shop.AddPod("coredns-1", "10.1.0.53", "kube-system");
        var monitor = Shop.Client(_shop.AddPod("monitor", "10.1.0.54", "kube-system"));

        _shop.ResolveOne(Shop.Flow(_client, "10.1.0.53", 53, "10.1.0.53", 53)).IsInfrastructure.ShouldBeTrue();
        _shop.ResolveOne(Shop.Flow(monitor, "10.1.0.1", 80, "10.1.0.1", 80)).IsInfrastructure.ShouldBeTrue();
        _shop.ResolveOne(Shop.Flow(_client, "203.0.113.5", 443)).IsInfrastructure.ShouldBeFalse();
    }

    [Fact]
    public void Records_calls_between_Pods_of_the_same_workload()
    {
        _shop.AddDeploymentPod("checkout", "10.1.0.6");

        _shop.ResolveOne(Shop.Flow(_client, "10.1.0.6", 7946, "10.1.0.6", 7946)).Target.ShouldBe(CallTarget.Workload(new WorkloadIdentity(Shop.Checkout)));
    }

    [Fact]
    public void Names_the_Pods_of_another_controller_by_the_labels_that_all_of_them_have()
    {
        var controller = new ControllerReference("postgresql.cnpg.io/v1", "Cluster", "db", "u");
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("cluster", "db");
        _shop.AddPod("db-1", "10.1.1.1", controller: controller, labels: labels.Add("instance", "db-1"));
        _shop.AddPod("db-2", "10.1.1.2", controller: controller, labels: labels.Add("instance", "db-2"));
        foreach (var address in new[] { "10.1.1.1", "10.1.1.2" })
        {
            _shop.Map.TryRecord(_shop.ResolveOne(Shop.Flow(_client, address, 5432, address, 5432)), Shop.Start);
        }

        var target = _shop.Map.FindDue(Shop.Start, 1).Single().Object!.Calls.ShouldHaveSingleItem().Target.Kubernetes!;
        (target.Name, target.Kind).ShouldBe(("db", null));
        target.Selector!.MatchLabels.ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create("cluster", "db"));
    }
}
