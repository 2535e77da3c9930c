using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Reconciling;

namespace Wayleave.Operator.Tests.EventHandlers;

/// <summary>Which policy keys a change of a workload or of a Service enqueues.</summary>
public sealed class WorkloadChangeTests : AffectedPolicyTest
{
    [Theory]
    [InlineData(false, new[] { Cart })]
    [InlineData(true, new[] { Checkout, Cart })]
    public async Task Enqueues_a_server_that_changes_and_its_clients_where_egress_is_restricted(bool egress, string[] expected)
    {
        Fake.User.Put(Intents("checkout", Workload("cart")));
        Fake.User.Delete<PartialDeployment>(Shop.Namespace, "cart");
        await using var keys = await EnqueuedKeys.StartAsync(Fake, egress);

        (await keys.AfterAsync(user => user.Put(Deployment("cart")))).ShouldBe(expected);
        (await keys.AfterAsync(user => user.Edit<PartialDeployment>(Shop.Namespace, "cart", Relabel))).ShouldBe(expected);
        (await keys.AfterAsync(user => user.Delete<PartialDeployment>(Shop.Namespace, "cart"))).ShouldBe(expected);
    }

    [Fact]
    public async Task Enqueues_the_servers_of_a_client_that_changes()
    {
        Fake.User.Put(Intents("checkout", Workload("cart"), Service("redis")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Edit<PartialDeployment>(Shop.Namespace, "checkout", Relabel))).ShouldBe([Checkout, Redis, Cart]);
    }

    [Fact]
    public async Task Ignores_a_rollout_and_a_workload_without_declarations()
    {
        Fake.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake, egress: true);

        (await keys.AfterAsync(user => user.Edit<PartialDeployment>(Shop.Namespace, "cart", cart => cart.Metadata.Annotations = Labels("revision", "2")))).ShouldBeEmpty();
        (await keys.AfterAsync(user => user.Put(Deployment("late")))).ShouldBeEmpty();
        (await keys.AfterAsync(user => user.Put(Deployment("cart", Data)))).ShouldBeEmpty("it is in another namespace");
    }

    [Fact]
    public async Task Enqueues_the_declared_Services_in_front_of_a_workload_that_changes()
    {
        Fake.User.Put(ServiceOf("redis"));
        Fake.User.Put(Intents("checkout", Service("redis")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(Deployment("redis")))).ShouldBe([Redis]);
        (await keys.AfterAsync(user => user.Edit<PartialDeployment>(Shop.Namespace, "redis", deployment => deployment.Spec!.Template = Template(Labels("app", "another")))))
            .ShouldBe([Redis], "the Service no longer selects its Pods");
        (await keys.AfterAsync(user => user.Delete<PartialDeployment>(Shop.Namespace, "redis"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Enqueues_the_client_and_the_server_whose_selector_matches_the_Pods_of_a_new_workload()
    {
        var brokers = new IntentTarget { Kubernetes = new KubernetesTarget { Name = "brokers", Selector = new V1LabelSelector { MatchLabels = Labels("app", "kafka") } } };
        Fake.User.Put(Intents("checkout", brokers));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(Deployment("kafka")))).ShouldBe([Checkout, "Workload/shop/brokers"]);
        (await keys.AfterAsync(user => user.Put(Deployment("another")))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Enqueues_a_server_whose_selector_matches_the_Pods_of_another_new_workload()
    {
        Fake.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);
        var canary = Deployment("canary");
        canary.Spec!.Template = Template(Labels("app", "cart"));

        (await keys.AfterAsync(user => user.Put(canary))).ShouldBe([Cart]);
    }

    [Theory]
    [InlineData(false, new[] { Redis })]
    [InlineData(true, new[] { Checkout, Redis })]
    public async Task Enqueues_a_Service_whose_ports_change_and_its_clients_where_egress_is_restricted(bool egress, string[] expected)
    {
        Fake.User.Put(ServiceOf("redis"));
        Fake.User.Put(Intents("checkout", Service("redis")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake, egress);

        (await keys.AfterAsync(user => user.Edit<PartialService>(Shop.Namespace, "redis", service => service.Spec!.Ports = [new PartialServicePort { Port = 6380 }]))).ShouldBe(expected);
        (await keys.AfterAsync(user => user.Delete<PartialService>(Shop.Namespace, "redis"))).ShouldBe(expected);
    }

    [Fact]
    public async Task Enqueues_the_workloads_that_a_Service_selected_and_selects()
    {
        Fake.User.Put(ServiceOf("redis", selects: "cart"));
        Fake.User.Put(Deployment("web"));
        Fake.User.Put(Intents("checkout", Workload("cart"), Workload("web"), Workload("db.data"), Service("redis")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(ServiceOf("redis", selects: "web")))).ShouldBe([Redis, Cart, "Workload/shop/web"]);
    }

    [Fact]
    public async Task Enqueues_a_missing_workload_whose_Pods_a_new_Service_may_select()
    {
        await using var keys = await EnqueuedKeys.StartAsync(Fake);
        await PutPolicyAsync(keys.Owner, "gone");
        await PutPolicyAsync(keys.Owner, "elsewhere");
        await keys.ReadAsync();

        (await keys.AfterAsync(user => user.Put(ServiceOf("front", selects: "gone")))).ShouldBe(["Workload/shop/gone"]);
    }

    [Theory]
    [InlineData(false, new[] { Redis })]
    [InlineData(true, new[] { Checkout, Redis })]
    public async Task Enqueues_a_Service_whose_endpoints_change_and_its_clients_where_egress_is_restricted(bool egress, string[] expected)
    {
        Fake.User.Put(Intents("checkout", Service("redis"), Service("another")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake, egress);

        (await keys.AfterAsync(user => user.Put(Slice("redis", "redis")))).ShouldBe(expected);
        (await keys.AfterAsync(user => user.Put(Slice("ignored", "undeclared")))).ShouldBeEmpty();
        (await keys.AfterAsync(user => user.Delete<PartialEndpointSlice>(Shop.Namespace, "redis"))).ShouldBe(expected);
    }

    [Fact]
    public async Task Enqueues_both_Services_of_an_EndpointSlice_that_changes_from_one_to_the_other()
    {
        Fake.User.Put(Intents("checkout", Service("redis"), Service("valkey")));
        Fake.User.Put(Slice("slice", "redis"));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(Slice("slice", "valkey")))).ShouldBe([Redis, "Service/shop/valkey"]);
    }
}
