using Wayleave.Api;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Tests.Reconciling;

namespace Wayleave.Operator.Tests.EventHandlers;

/// <summary>Which policy keys a changed declaration enqueues.</summary>
public sealed class DeclarationChangeTests : AffectedPolicyTest
{
    [Fact]
    public async Task Enqueues_the_servers_and_the_client_of_ClientIntents_that_are_added()
    {
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(Intents("checkout", Workload("cart"), Workload("db.data"), Service("redis"))))).ShouldBe([Checkout, Redis, Db, Cart]);
    }

    [Fact]
    public async Task Enqueues_the_servers_before_and_after_an_edit_of_ClientIntents()
    {
        Fake.User.Put(Intents("checkout", Workload("cart"), Workload("payments")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(Intents("checkout", Workload("payments"), Workload("db.data"))))).ShouldBe([Checkout, Db, Cart, "Workload/shop/payments"]);
    }

    [Fact]
    public async Task Reconciles_what_an_edit_allows_before_what_it_no_longer_allows()
    {
        Fake.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);
        await keys.ReadAsync();

        Fake.User.Put(Intents("checkout", Workload("payments")));

        (await keys.ReadInOrderAsync()).ShouldBe(["Workload/shop/payments", Checkout, Cart]);
    }

    [Fact]
    public async Task Declarations_in_the_cache_are_parsed_once_for_each_edit()
    {
        Fake.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);
        var cache = keys.Part<ClusterCache>();

        var cached = cache.Intents.Store.List().Single(intents => intents.Metadata.Name == "checkout");

        cached.Parse().ShouldBeSameAs(cached.Parse());
        cached.Parse().Servers.Select(server => server.ToString()).ShouldBe([Cart]);
        await keys.AfterAsync(user => user.Put(Intents("checkout", Workload("payments"))));
        var edited = cache.Intents.Store.List().Single(intents => intents.Metadata.Name == "checkout");
        edited.Parse().ShouldBeSameAs(edited.Parse());
        edited.Parse().Servers.Select(server => server.ToString()).ShouldBe(["Workload/shop/payments"]);
        var protection = cache.Protections.Store.List().Single();
        protection.Parse().ShouldBeSameAs(protection.Parse());
    }

    [Fact]
    public async Task Enqueues_the_clients_before_and_after_an_edit_of_the_client()
    {
        Fake.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Edit<ClientIntents>(Shop.Namespace, "checkout", intents => intents.Spec.Workload.Name = "web")))
            .ShouldBe([Checkout, "Client/shop/web", Cart]);
    }

    [Fact]
    public async Task Enqueues_the_servers_and_the_client_of_ClientIntents_that_are_deleted()
    {
        Fake.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Delete<ClientIntents>(Shop.Namespace, "checkout"))).ShouldBe([Checkout, Cart]);
    }

    [Fact]
    public async Task Enqueues_the_keys_of_ClientIntents_as_soon_as_their_deletion_begins()
    {
        var held = Intents("checkout", Workload("cart"));
        held.Metadata.Finalizers = ["example.com/hold"];
        Fake.User.Put(held);
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Delete<ClientIntents>(Shop.Namespace, "checkout"))).ShouldBe([Checkout, Cart]);
    }

    [Fact]
    public async Task Ignores_changes_of_the_status_and_the_labels_of_ClientIntents()
    {
        Fake.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        WriteStatus("checkout", new ClientIntentsStatus { ObservedGeneration = 1 });
        (await keys.ReadAsync()).ShouldBeEmpty();
        (await keys.AfterAsync(user => user.Edit<ClientIntents>(Shop.Namespace, "checkout", intents => intents.Metadata.Labels = Labels("team", "a")))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ignores_ClientIntents_that_select_only_other_clusters()
    {
        await using var keys = await EnqueuedKeys.StartAsync(Fake);
        var intents = Intents("checkout");
        intents.Spec.Clusters = new ClusterSelection { Names = ["east"] };

        await keys.AfterAsync(user => user.Put(intents));

        (await keys.AfterAsync(user => user.Put(Deployment("late")))).ShouldBeEmpty();
        (await keys.AfterAsync(user => user.Edit<PartialDeployment>(Shop.Namespace, "checkout", Relabel))).ShouldBeEmpty("its declaration selects another cluster");
    }

    [Fact]
    public async Task Enqueues_the_servers_of_the_generation_in_force_when_an_edit_is_invalid()
    {
        Fake.User.Put(Intents("checkout", Workload("cart")));
        WriteStatus("checkout", InForce("cart.shop"));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(Intents("checkout", Workload("db.data"), Workload("Not a name"))))).ShouldBe([Checkout, Cart]);
    }

    [Fact]
    public async Task Enqueues_all_policies_of_the_namespace_when_an_invalid_edit_is_corrected()
    {
        Fake.User.Put(Intents("checkout", Workload("cart")));
        WriteStatus("checkout", InForce("cart.shop"));
        Fake.User.Put(Intents("checkout", Workload("Not a name")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);
        await PutPolicyAsync(keys.Owner, "payments");
        await PutPolicyAsync(keys.Owner, "db", Data);
        await keys.ReadAsync();

        (await keys.AfterAsync(user => user.Put(Intents("checkout", Workload("web"))))).ShouldBe([Checkout, Cart, "Workload/shop/payments", "Workload/shop/web"]);
    }

    [Fact]
    public async Task Enqueues_only_the_workload_of_a_ProtectedService_without_other_declarations()
    {
        Fake.User.Put(ServiceOf("redis"));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(Protection("cart")))).ShouldBe([Cart]);
    }

    [Fact]
    public async Task Enqueues_the_workload_of_a_ProtectedService_as_server_and_client_and_the_declared_Services()
    {
        Fake.User.Put(ServiceOf("redis"));
        Fake.User.Put(ServiceOf("undeclared"));
        Fake.User.Put(Intents("checkout", Service("redis")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(Protection("checkout")))).ShouldBe([Checkout, Redis, "Workload/shop/checkout"]);
    }

    [Fact]
    public async Task Enqueues_the_workload_of_a_ProtectedService_and_missing_Services_with_policies()
    {
        await using var keys = await EnqueuedKeys.StartAsync(Fake);
        await PutPolicyAsync(keys.Owner, "redis", kind: "Service");
        await keys.ReadAsync();

        (await keys.AfterAsync(user => user.Put(Protection("cart")))).ShouldBe([Redis, Cart]);
    }

    [Fact]
    public async Task Enqueues_the_workloads_before_and_after_an_edit_of_a_ProtectedService()
    {
        Fake.User.Put(Protection("cart"));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Edit<ProtectedService>(Shop.Namespace, "cart", protection => protection.Spec.Workload.Name = "web")))
            .ShouldBe([Cart, "Workload/shop/web"]);
        (await keys.AfterAsync(user => user.Delete<ProtectedService>(Shop.Namespace, "cart"))).ShouldBe(["Workload/shop/web"]);
    }

    [Fact]
    public async Task Enqueues_the_workload_of_the_spec_in_force_when_an_edit_of_a_ProtectedService_is_invalid()
    {
        Fake.User.Put(Protection("cart"));
        Fake.User.PutStatus<ProtectedService, ProtectedServiceStatus>(
            Shop.Namespace, "cart", new() { ObservedGeneration = 1, EnforcedGeneration = 1, EnforcedSpec = """{"workload":{"name":"cart"}}""" });
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Edit<ProtectedService>(Shop.Namespace, "cart", protection => protection.Spec.Workload = new WorkloadRef { Name = "web", Kind = "Nonsense" })))
            .ShouldBe([Cart]);
    }
}
