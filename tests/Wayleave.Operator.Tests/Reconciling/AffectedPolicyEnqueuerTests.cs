using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Reconciling;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Reconciling;

/// <summary>
/// Which policy keys a change enqueues. The cluster always has declarations that the changes do not affect: search calls orders, and
/// reports calls ledger, which is protected.
/// </summary>
public sealed class AffectedPolicyEnqueuerTests
{
    private const string Data = "data";
    private const string Checkout = "Client/shop/checkout";
    private const string Cart = "Workload/shop/cart";
    private const string Redis = "Service/shop/redis";
    private const string Db = "Workload/data/db";

    private readonly FakeCluster _cluster = Shop.Cluster();

    public AffectedPolicyEnqueuerTests()
    {
        PutNamespace(Data);
        PutNamespace("other");
        _cluster.User.Put(Intents("search", Workload("orders")));
        _cluster.User.Put(Intents("reports", "other", Workload("ledger"), Service("ledger")));
        _cluster.User.Put(Protection("ledger", "other"));
        _cluster.User.Put(Deployment("ledger", "other"));
        _cluster.User.Put(ServiceOf("ledger", "other"));
    }

    [Fact]
    public async Task Enqueues_the_servers_and_the_client_of_ClientIntents_that_are_added()
    {
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(Intents("checkout", Workload("cart"), Workload("db.data"), Service("redis"))))).ShouldBe([Checkout, Redis, Db, Cart]);
    }

    [Fact]
    public async Task Enqueues_the_servers_before_and_after_an_edit_of_ClientIntents()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart"), Workload("payments")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(Intents("checkout", Workload("payments"), Workload("db.data"))))).ShouldBe([Checkout, Db, Cart, "Workload/shop/payments"]);
    }

    [Fact]
    public async Task Reconciles_what_an_edit_allows_before_what_it_no_longer_allows()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);
        await keys.ReadAsync();

        _cluster.User.Put(Intents("checkout", Workload("payments")));

        (await keys.ReadInOrderAsync()).ShouldBe(["Workload/shop/payments", Checkout, Cart]);
    }

    [Fact]
    public async Task Declarations_in_the_cache_are_parsed_once_for_each_edit()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);
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
        _cluster.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Edit<ClientIntents>(Shop.Namespace, "checkout", intents => intents.Spec.Workload.Name = "web")))
            .ShouldBe([Checkout, "Client/shop/web", Cart]);
    }

    [Fact]
    public async Task Enqueues_the_servers_and_the_client_of_ClientIntents_that_are_deleted()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Delete<ClientIntents>(Shop.Namespace, "checkout"))).ShouldBe([Checkout, Cart]);
    }

    [Fact]
    public async Task Enqueues_the_keys_of_ClientIntents_as_soon_as_their_deletion_begins()
    {
        var held = Intents("checkout", Workload("cart"));
        held.Metadata.Finalizers = ["example.com/hold"];
        _cluster.User.Put(held);
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Delete<ClientIntents>(Shop.Namespace, "checkout"))).ShouldBe([Checkout, Cart]);
    }

    [Fact]
    public async Task Ignores_changes_of_the_status_and_the_labels_of_ClientIntents()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        WriteStatus("checkout", new ClientIntentsStatus { ObservedGeneration = 1 });
        (await keys.ReadAsync()).ShouldBeEmpty();
        (await keys.AfterAsync(user => user.Edit<ClientIntents>(Shop.Namespace, "checkout", intents => intents.Metadata.Labels = Labels("team", "a")))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ignores_ClientIntents_that_select_only_other_clusters()
    {
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);
        var intents = Intents("checkout");
        intents.Spec.Clusters = new ClusterSelection { Names = ["east"] };

        await keys.AfterAsync(user => user.Put(intents));

        (await keys.AfterAsync(user => user.Put(Deployment("late")))).ShouldBeEmpty();
        (await keys.AfterAsync(user => user.Edit<PartialDeployment>(Shop.Namespace, "checkout", Relabel))).ShouldBeEmpty("its declaration selects another cluster");
    }

    [Fact]
    public async Task Enqueues_the_servers_of_the_generation_in_force_when_an_edit_is_invalid()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart")));
        WriteStatus("checkout", InForce("cart.shop"));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(Intents("checkout", Workload("db.data"), Workload("Not a name"))))).ShouldBe([Checkout, Cart]);
    }

    [Fact]
    public async Task Enqueues_all_policies_of_the_namespace_when_an_invalid_edit_is_corrected()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart")));
        WriteStatus("checkout", InForce("cart.shop"));
        _cluster.User.Put(Intents("checkout", Workload("Not a name")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);
        await PutPolicyAsync(keys.Owner, "payments");
        await PutPolicyAsync(keys.Owner, "db", Data);
        await keys.ReadAsync();

        (await keys.AfterAsync(user => user.Put(Intents("checkout", Workload("web"))))).ShouldBe([Checkout, Cart, "Workload/shop/payments", "Workload/shop/web"]);
    }

    [Fact]
    public async Task Enqueues_only_the_workload_of_a_ProtectedService_without_other_declarations()
    {
        _cluster.User.Put(ServiceOf("redis"));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(Protection("cart")))).ShouldBe([Cart]);
    }

    [Fact]
    public async Task Enqueues_the_workload_of_a_ProtectedService_as_server_and_client_and_the_declared_Services()
    {
        _cluster.User.Put(ServiceOf("redis"));
        _cluster.User.Put(ServiceOf("undeclared"));
        _cluster.User.Put(Intents("checkout", Service("redis")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(Protection("checkout")))).ShouldBe([Checkout, Redis, "Workload/shop/checkout"]);
    }

    [Fact]
    public async Task Enqueues_the_workload_of_a_ProtectedService_and_missing_Services_with_policies()
    {
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);
        await PutPolicyAsync(keys.Owner, "redis", kind: "Service");
        await keys.ReadAsync();

        (await keys.AfterAsync(user => user.Put(Protection("cart")))).ShouldBe([Redis, Cart]);
    }

    [Fact]
    public async Task Enqueues_the_workloads_before_and_after_an_edit_of_a_ProtectedService()
    {
        _cluster.User.Put(Protection("cart"));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Edit<ProtectedService>(Shop.Namespace, "cart", protection => protection.Spec.Workload.Name = "web")))
            .ShouldBe([Cart, "Workload/shop/web"]);
        (await keys.AfterAsync(user => user.Delete<ProtectedService>(Shop.Namespace, "cart"))).ShouldBe(["Workload/shop/web"]);
    }

    [Fact]
    public async Task Enqueues_the_workload_of_the_spec_in_force_when_an_edit_of_a_ProtectedService_is_invalid()
    {
        _cluster.User.Put(Protection("cart"));
        _cluster.User.PutStatus<ProtectedService, ProtectedServiceStatus>(
            Shop.Namespace, "cart", new() { ObservedGeneration = 1, EnforcedGeneration = 1, EnforcedSpec = """{"workload":{"name":"cart"}}""" });
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Edit<ProtectedService>(Shop.Namespace, "cart", protection => protection.Spec.Workload = new WorkloadRef { Name = "web", Kind = "Nonsense" })))
            .ShouldBe([Cart]);
    }

    [Theory]
    [InlineData(false, new[] { Cart })]
    [InlineData(true, new[] { Checkout, Cart })]
    public async Task Enqueues_a_server_that_changes_and_its_clients_where_egress_is_restricted(bool egress, string[] expected)
    {
        _cluster.User.Put(Intents("checkout", Workload("cart")));
        _cluster.User.Delete<PartialDeployment>(Shop.Namespace, "cart");
        await using var keys = await EnqueuedKeys.StartAsync(_cluster, egress);

        (await keys.AfterAsync(user => user.Put(Deployment("cart")))).ShouldBe(expected);
        (await keys.AfterAsync(user => user.Edit<PartialDeployment>(Shop.Namespace, "cart", Relabel))).ShouldBe(expected);
        (await keys.AfterAsync(user => user.Delete<PartialDeployment>(Shop.Namespace, "cart"))).ShouldBe(expected);
    }

    [Fact]
    public async Task Enqueues_the_servers_of_a_client_that_changes()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart"), Service("redis")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Edit<PartialDeployment>(Shop.Namespace, "checkout", Relabel))).ShouldBe([Checkout, Redis, Cart]);
    }

    [Fact]
    public async Task Ignores_a_rollout_and_a_workload_without_declarations()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster, egress: true);

        (await keys.AfterAsync(user => user.Edit<PartialDeployment>(Shop.Namespace, "cart", cart => cart.Metadata.Annotations = Labels("revision", "2")))).ShouldBeEmpty();
        (await keys.AfterAsync(user => user.Put(Deployment("late")))).ShouldBeEmpty();
        (await keys.AfterAsync(user => user.Put(Deployment("cart", Data)))).ShouldBeEmpty("it is in another namespace");
    }

    [Fact]
    public async Task Enqueues_the_declared_Services_in_front_of_a_workload_that_changes()
    {
        _cluster.User.Put(ServiceOf("redis"));
        _cluster.User.Put(Intents("checkout", Service("redis")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(Deployment("redis")))).ShouldBe([Redis]);
        (await keys.AfterAsync(user => user.Edit<PartialDeployment>(Shop.Namespace, "redis", deployment => deployment.Spec!.Template = Template(Labels("app", "another")))))
            .ShouldBe([Redis], "the Service no longer selects its Pods");
        (await keys.AfterAsync(user => user.Delete<PartialDeployment>(Shop.Namespace, "redis"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Enqueues_the_client_and_the_server_whose_selector_matches_the_Pods_of_a_new_workload()
    {
        var brokers = new IntentTarget { Kubernetes = new KubernetesTarget { Name = "brokers", Selector = new V1LabelSelector { MatchLabels = Labels("app", "kafka") } } };
        _cluster.User.Put(Intents("checkout", brokers));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(Deployment("kafka")))).ShouldBe([Checkout, "Workload/shop/brokers"]);
        (await keys.AfterAsync(user => user.Put(Deployment("another")))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Enqueues_a_server_whose_selector_matches_the_Pods_of_another_new_workload()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);
        var canary = Deployment("canary");
        canary.Spec!.Template = Template(Labels("app", "cart"));

        (await keys.AfterAsync(user => user.Put(canary))).ShouldBe([Cart]);
    }

    [Theory]
    [InlineData(false, new[] { Redis })]
    [InlineData(true, new[] { Checkout, Redis })]
    public async Task Enqueues_a_Service_whose_ports_change_and_its_clients_where_egress_is_restricted(bool egress, string[] expected)
    {
        _cluster.User.Put(ServiceOf("redis"));
        _cluster.User.Put(Intents("checkout", Service("redis")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster, egress);

        (await keys.AfterAsync(user => user.Edit<PartialService>(Shop.Namespace, "redis", service => service.Spec!.Ports = [new PartialServicePort { Port = 6380 }]))).ShouldBe(expected);
        (await keys.AfterAsync(user => user.Delete<PartialService>(Shop.Namespace, "redis"))).ShouldBe(expected);
    }

    [Fact]
    public async Task Enqueues_the_workloads_that_a_Service_selected_and_selects()
    {
        _cluster.User.Put(ServiceOf("redis", selects: "cart"));
        _cluster.User.Put(Deployment("web"));
        _cluster.User.Put(Intents("checkout", Workload("cart"), Workload("web"), Workload("db.data"), Service("redis")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(ServiceOf("redis", selects: "web")))).ShouldBe([Redis, Cart, "Workload/shop/web"]);
    }

    [Fact]
    public async Task Enqueues_a_missing_workload_whose_Pods_a_new_Service_may_select()
    {
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);
        await PutPolicyAsync(keys.Owner, "gone");
        await PutPolicyAsync(keys.Owner, "elsewhere");
        await keys.ReadAsync();

        (await keys.AfterAsync(user => user.Put(ServiceOf("front", selects: "gone")))).ShouldBe(["Workload/shop/gone"]);
    }

    [Fact]
    public async Task Enqueues_the_servers_and_callers_of_a_namespace_that_loses_its_name_label()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart"), Workload("db.data")));
        _cluster.User.Put(Protection("mysql", Data));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Edit<V1Namespace>(null, Data, one => one.Metadata.Labels = null))).ShouldBe([Checkout, Db, "Workload/data/mysql"]);
    }

    [Fact]
    public async Task Enqueues_the_servers_and_clients_of_a_namespace_whose_deletion_begins()
    {
        _cluster.User.Edit<V1Namespace>(null, Shop.Namespace, one => one.Metadata.Finalizers = ["kubernetes"]);
        _cluster.User.Put(Intents("loader", Data, Workload("cart.shop"), Workload("db")));
        _cluster.User.Put(Intents("checkout", Workload("db.data")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Delete<V1Namespace>(null, Shop.Namespace)))
            .ShouldBe(["Client/data/loader", Checkout, "Client/shop/search", Db, Cart, "Workload/shop/orders"]);
    }

    [Fact]
    public async Task Enqueues_the_servers_whose_acceptFrom_selects_the_new_labels_of_a_namespace()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart"), Workload("db.data")));
        var policy = Enforcement("data", Data);
        policy.Spec.AcceptFrom = new AcceptedIntents { NamespaceSelector = new V1LabelSelector { MatchLabels = Labels("team", "shop") } };
        _cluster.User.Put(policy);
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Edit<V1Namespace>(null, Shop.Namespace, one => one.Metadata.Labels!["team"] = "shop"))).ShouldBe([Db]);
        (await keys.AfterAsync(user => user.Edit<V1Namespace>(null, "other", one => one.Metadata.Labels!["team"] = "shop"))).ShouldBeEmpty("its ClientIntents name no such server");
    }

    [Fact]
    public async Task Enqueues_the_servers_and_callers_of_a_namespace_whose_enforcement_an_EnforcementPolicy_changes()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart"), Workload("db.data")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(Enforcement("data", Data)))).ShouldBe([Checkout, Db]);
        (await keys.AfterAsync(user => user.Edit<EnforcementPolicy>(null, "data", policy => policy.Spec.Mode = EnforcementModes.Disabled))).ShouldBe([Checkout, Db]);
        (await keys.AfterAsync(user => user.Delete<EnforcementPolicy>(null, "data"))).ShouldBe([Checkout, Db]);
    }

    [Fact]
    public async Task Ignores_an_EnforcementPolicy_that_does_not_change_the_enforcement_of_a_namespace()
    {
        _cluster.User.Put(Intents("checkout", Workload("db.data")));
        _cluster.User.Put(Enforcement("data", Data));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(Enforcement("later", Data)))).ShouldBeEmpty("another EnforcementPolicy takes precedence");
        (await keys.AfterAsync(user => user.Edit<EnforcementPolicy>(null, "data", policy => policy.Spec.Mode = "Nonsense"))).ShouldBeEmpty("after an invalid edit the last valid spec stays in force");
        (await keys.AfterAsync(user => user.Put(Enforcement("nowhere", "no-such-namespace")))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Enqueues_the_servers_and_callers_of_a_namespace_whose_new_labels_an_EnforcementPolicy_selects()
    {
        _cluster.User.Put(Intents("checkout", Workload("db.data")));
        var policy = Enforcement("prod", Data);
        policy.Spec.NamespaceSelector = new V1LabelSelector { MatchLabels = Labels("tier", "prod") };
        _cluster.User.Put(policy);
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Edit<V1Namespace>(null, Data, one => one.Metadata.Labels!["tier"] = "prod"))).ShouldBe([Checkout, Db]);
    }

    [Fact]
    public async Task Enqueues_the_subject_of_an_owned_policy_that_is_edited_or_deleted()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);
        await PutPolicyAsync(keys.Owner, "cart");
        await keys.ReadAsync();

        (await keys.AfterAsync(_ => _cluster.Tamper())).ShouldBe([Cart]);
        (await keys.AfterAsync(user => user.Delete<V1NetworkPolicy>(Shop.Namespace, Shop.CartPolicy))).ShouldBe([Cart]);
    }

    [Fact]
    public async Task Enqueues_the_server_and_its_clients_when_an_owned_policy_is_deleted_and_egress_is_restricted()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster, egress: true);
        await PutPolicyAsync(keys.Owner, "cart");
        await keys.ReadAsync();

        (await keys.AfterAsync(user => user.Delete<V1NetworkPolicy>(Shop.Namespace, Shop.CartPolicy))).ShouldBe([Checkout, Cart]);
    }

    [Fact]
    public async Task Enqueues_the_subject_of_a_policy_of_another_installation()
    {
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        await PutPolicyAsync(new PolicyOwner(new string('b', 32)), "cart");

        (await keys.ReadAsync()).ShouldBe([Cart]);
    }

    [Fact]
    public async Task Ignores_policies_that_no_operator_wrote()
    {
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(PolicyFor("cart", Shop.Namespace)))).ShouldBeEmpty();
        (await keys.AfterAsync(user => user.Delete<V1NetworkPolicy>(Shop.Namespace, Shop.CartPolicy))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Enqueues_the_server_that_waits_for_the_name_of_a_foreign_policy_that_is_deleted()
    {
        _cluster.User.Put(PolicyFor("cart", Shop.Namespace));
        _cluster.User.Put(PolicyFor("web", Shop.Namespace));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);
        keys.Part<NameConflicts>().Add(new(Shop.Namespace, Shop.CartPolicy), new PolicyKey(SubjectType.Workload, Shop.Namespace, "cart"));

        (await keys.AfterAsync(user => user.Delete<V1NetworkPolicy>(Shop.Namespace, "wayleave-deployment-web-ingress"))).ShouldBeEmpty();
        (await keys.AfterAsync(user => user.Delete<V1NetworkPolicy>(Shop.Namespace, Shop.CartPolicy))).ShouldBe([Cart]);
        keys.Part<NameConflicts>().TryRemove(new(Shop.Namespace, Shop.CartPolicy)).ShouldBeNull("the server no longer waits");
    }

    [Theory]
    [InlineData(false, new[] { Redis })]
    [InlineData(true, new[] { Checkout, Redis })]
    public async Task Enqueues_a_Service_whose_endpoints_change_and_its_clients_where_egress_is_restricted(bool egress, string[] expected)
    {
        _cluster.User.Put(Intents("checkout", Service("redis"), Service("another")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster, egress);

        (await keys.AfterAsync(user => user.Put(Slice("redis", "redis")))).ShouldBe(expected);
        (await keys.AfterAsync(user => user.Put(Slice("ignored", "undeclared")))).ShouldBeEmpty();
        (await keys.AfterAsync(user => user.Delete<PartialEndpointSlice>(Shop.Namespace, "redis"))).ShouldBe(expected);
    }

    [Fact]
    public async Task Enqueues_both_Services_of_an_EndpointSlice_that_changes_from_one_to_the_other()
    {
        _cluster.User.Put(Intents("checkout", Service("redis"), Service("valkey")));
        _cluster.User.Put(Slice("slice", "redis"));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(Slice("slice", "valkey")))).ShouldBe([Redis, "Service/shop/valkey"]);
    }

    [Fact]
    public async Task Enqueues_a_Service_and_its_workloads_when_an_Ingress_to_it_is_created_or_deleted()
    {
        _cluster.User.Put(ServiceOf("redis", selects: "cart"));
        _cluster.User.Put(Intents("checkout", Workload("cart"), Workload("web"), Service("redis")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(Ingress("redis")))).ShouldBe([Redis, Cart]);
        (await keys.AfterAsync(user => user.Delete<V1Ingress>(Shop.Namespace, "front"))).ShouldBe([Redis, Cart]);
    }

    [Fact]
    public async Task Enqueues_all_exposed_servers_and_no_others_when_an_IngressClass_changes()
    {
        _cluster.User.Put(ServiceOf("redis", selects: "cart"));
        _cluster.User.Put(Ingress("redis"));
        var balanced = ServiceOf("balanced", selects: "web");
        balanced.Spec!.Type = "LoadBalancer";
        _cluster.User.Put(balanced);
        _cluster.User.Put(Deployment("web"));
        _cluster.User.Put(Intents("checkout", Workload("cart"), Workload("web"), Workload("db.data"), Service("redis")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(new V1IngressClass { Metadata = new V1ObjectMeta { Name = "nginx" }, Spec = new V1IngressClassSpec { Controller = "k8s.io/ingress-nginx" } })))
            .ShouldBe([Redis, Cart, "Workload/shop/web"]);
    }

    [Fact]
    public async Task Enqueues_the_clients_that_declare_domains_when_the_Pod_ranges_change()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart"), new IntentTarget { Internet = new InternetTarget { Domains = ["example.com"] } }));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster, egress: true);

        (await keys.AfterAsync(user => user.Put(Node("one", "10.1.0.0/24")))).ShouldBe([Checkout]);
        (await keys.AfterAsync(user => user.Put(Node("two", "10.1.0.0/24")))).ShouldBeEmpty("the range is already known");
    }

    [Fact]
    public async Task Enqueues_everything_when_the_DNS_Service_of_the_cluster_changes()
    {
        _cluster.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(_cluster);

        (await keys.AfterAsync(user => user.Put(ServiceOf("kube-dns", "kube-system", selects: "coredns"))))
            .ShouldBe(["Client/other/reports", Checkout, "Client/shop/search", "Service/other/ledger", "Workload/other/ledger", Cart, "Workload/shop/orders"]);
    }

    private void PutNamespace(string name) =>
        _cluster.User.Put(new V1Namespace { Metadata = new V1ObjectMeta { Name = name, Labels = Labels(WayleaveLabels.NamespaceName, name) } });

    private void WriteStatus(string name, ClientIntentsStatus status) =>
        _cluster.User.PutStatus<ClientIntents, ClientIntentsStatus>(Shop.Namespace, name, status);

    private async Task PutPolicyAsync(PolicyOwner owner, string server, string @namespace = Shop.Namespace, string kind = "Deployment") =>
        await _cluster.CreateAsync(owner.WithMark(PolicyFor(server, @namespace, kind)), CancellationToken.None);

    private static V1NetworkPolicy PolicyFor(string server, string @namespace, string kind = "Deployment") => IngressPolicyBuilder.Build(
        new EffectiveIngress(new PolicySubject(kind, @namespace, server, new V1LabelSelector { MatchLabels = Labels("app", server) }), []));

    private static ClientIntentsStatus InForce(string server) => new()
    {
        ObservedGeneration = 1,
        EnforcedGeneration = 1,
        Targets = [new TargetStatus { Name = server, Type = TargetTypes.Kubernetes, State = TargetStates.Enforced, Reason = Reasons.Enforced }],
    };

    private static ClientIntents Intents(string client, params IntentTarget[] targets) => Intents(client, Shop.Namespace, targets);

    private static ClientIntents Intents(string client, string @namespace, params IntentTarget[] targets) => new()
    {
        Metadata = new V1ObjectMeta { Name = client, NamespaceProperty = @namespace },
        Spec = new ClientIntentsSpec { Workload = new WorkloadRef { Name = client }, Targets = [.. targets] },
    };

    private static IntentTarget Workload(string name) => new() { Kubernetes = new KubernetesTarget { Name = name } };

    private static IntentTarget Service(string name) => new() { Service = new ServiceTarget { Name = name } };

    private static ProtectedService Protection(string server, string @namespace = Shop.Namespace) => new()
    {
        Metadata = new V1ObjectMeta { Name = server, NamespaceProperty = @namespace },
        Spec = new ProtectedServiceSpec { Workload = new WorkloadRef { Name = server } },
    };

    private static EnforcementPolicy Enforcement(string name, string @namespace) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new EnforcementPolicySpec
        {
            Mode = EnforcementModes.Shadow,
            NamespaceSelector = new V1LabelSelector { MatchLabels = Labels(WayleaveLabels.NamespaceName, @namespace) },
        },
    };

    private static PartialDeployment Deployment(string name, string @namespace = Shop.Namespace) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = @namespace },
        Spec = new PartialWorkloadSpec { Selector = new V1LabelSelector { MatchLabels = Labels("app", name) }, Template = Template(Labels("app", name)) },
    };

    private static void Relabel(PartialDeployment deployment) => deployment.Spec!.Template!.Metadata!.Labels!["version"] = "2";

    private static PartialPodTemplateSpec Template(Dictionary<string, string> labels) => new() { Metadata = new V1ObjectMeta { Labels = labels } };

    private static PartialService ServiceOf(string name, string @namespace = Shop.Namespace, string? selects = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = @namespace },
        Spec = new PartialServiceSpec { Type = "ClusterIP", Selector = Labels("app", selects ?? name), Ports = [new PartialServicePort { Port = 6379 }] },
    };

    private static PartialEndpointSlice Slice(string name, string service) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = Shop.Namespace, Labels = Labels("kubernetes.io/service-name", service) },
        AddressType = "IPv4",
        Endpoints = [new PartialEndpointSliceEndpoint { Addresses = ["203.0.113.1"] }],
    };

    private static V1Ingress Ingress(string service) => new()
    {
        Metadata = new V1ObjectMeta { Name = "front", NamespaceProperty = Shop.Namespace },
        Spec = new V1IngressSpec
        {
            DefaultBackend = new V1IngressBackend { Service = new V1IngressServiceBackend { Name = service, Port = new V1ServiceBackendPort { Number = 6379 } } },
        },
    };

    private static V1Node Node(string name, string range) => new() { Metadata = new V1ObjectMeta { Name = name }, Spec = new V1NodeSpec { PodCIDRs = [range] } };

    private static Dictionary<string, string> Labels(string key, string value) => new(StringComparer.Ordinal) { [key] = value };
}
