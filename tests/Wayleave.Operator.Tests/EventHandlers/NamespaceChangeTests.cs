using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Policies;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Tests.Reconciling;

namespace Wayleave.Operator.Tests.EventHandlers;

/// <summary>Which policy keys a change of a namespace, its policies or the network enqueues.</summary>
public sealed class NamespaceChangeTests : AffectedPolicyTest
{
    [Fact]
    public async Task Enqueues_the_servers_and_callers_of_a_namespace_that_loses_its_name_label()
    {
        Fake.User.Put(Intents("checkout", Workload("cart"), Workload("db.data")));
        Fake.User.Put(Protection("mysql", Data));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Edit<V1Namespace>(null, Data, one => one.Metadata.Labels = null))).ShouldBe([Checkout, Db, "Workload/data/mysql"]);
    }

    [Fact]
    public async Task Enqueues_the_servers_and_clients_of_a_namespace_whose_deletion_begins()
    {
        Fake.User.Edit<V1Namespace>(null, Shop.Namespace, one => one.Metadata.Finalizers = ["kubernetes"]);
        Fake.User.Put(Intents("loader", Data, Workload("cart.shop"), Workload("db")));
        Fake.User.Put(Intents("checkout", Workload("db.data")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Delete<V1Namespace>(null, Shop.Namespace)))
            .ShouldBe(["Client/data/loader", Checkout, "Client/shop/search", Db, Cart, "Workload/shop/orders"]);
    }

    [Fact]
    public async Task Enqueues_the_servers_whose_acceptFrom_selects_the_new_labels_of_a_namespace()
    {
        Fake.User.Put(Intents("checkout", Workload("cart"), Workload("db.data")));
        var policy = Enforcement("data", Data);
        policy.Spec.AcceptFrom = new AcceptedIntents { NamespaceSelector = new V1LabelSelector { MatchLabels = Labels("team", "shop") } };
        Fake.User.Put(policy);
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Edit<V1Namespace>(null, Shop.Namespace, one => one.Metadata.Labels!["team"] = "shop"))).ShouldBe([Db]);
        (await keys.AfterAsync(user => user.Edit<V1Namespace>(null, "other", one => one.Metadata.Labels!["team"] = "shop"))).ShouldBeEmpty("its ClientIntents name no such server");
    }

    [Fact]
    public async Task Enqueues_the_servers_and_callers_of_a_namespace_whose_enforcement_an_EnforcementPolicy_changes()
    {
        Fake.User.Put(Intents("checkout", Workload("cart"), Workload("db.data")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(Enforcement("data", Data)))).ShouldBe([Checkout, Db]);
        (await keys.AfterAsync(user => user.Edit<EnforcementPolicy>(null, "data", policy => policy.Spec.Mode = EnforcementModeNames.Disabled))).ShouldBe([Checkout, Db]);
        (await keys.AfterAsync(user => user.Delete<EnforcementPolicy>(null, "data"))).ShouldBe([Checkout, Db]);
    }

    [Fact]
    public async Task Ignores_an_EnforcementPolicy_that_does_not_change_the_enforcement_of_a_namespace()
    {
        Fake.User.Put(Intents("checkout", Workload("db.data")));
        Fake.User.Put(Enforcement("data", Data));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(Enforcement("later", Data)))).ShouldBeEmpty("another EnforcementPolicy takes precedence");
        (await keys.AfterAsync(user => user.Edit<EnforcementPolicy>(null, "data", policy => policy.Spec.Mode = "Nonsense"))).ShouldBeEmpty("after an invalid edit the last valid spec stays in force");
        (await keys.AfterAsync(user => user.Put(Enforcement("nowhere", "no-such-namespace")))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Enqueues_the_servers_and_callers_of_a_namespace_whose_new_labels_an_EnforcementPolicy_selects()
    {
        Fake.User.Put(Intents("checkout", Workload("db.data")));
        var policy = Enforcement("prod", Data);
        policy.Spec.NamespaceSelector = new V1LabelSelector { MatchLabels = Labels("tier", "prod") };
        Fake.User.Put(policy);
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Edit<V1Namespace>(null, Data, one => one.Metadata.Labels!["tier"] = "prod"))).ShouldBe([Checkout, Db]);
    }

    [Fact]
    public async Task Enqueues_the_subject_of_an_owned_policy_that_is_edited_or_deleted()
    {
        Fake.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);
        await PutPolicyAsync(keys.Owner, "cart");
        await keys.ReadAsync();

        (await keys.AfterAsync(_ => Fake.Tamper())).ShouldBe([Cart]);
        (await keys.AfterAsync(user => user.Delete<V1NetworkPolicy>(Shop.Namespace, Shop.CartPolicy))).ShouldBe([Cart]);
    }

    [Fact]
    public async Task Enqueues_the_server_and_its_clients_when_an_owned_policy_is_deleted_and_egress_is_restricted()
    {
        Fake.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake, egress: true);
        await PutPolicyAsync(keys.Owner, "cart");
        await keys.ReadAsync();

        (await keys.AfterAsync(user => user.Delete<V1NetworkPolicy>(Shop.Namespace, Shop.CartPolicy))).ShouldBe([Checkout, Cart]);
    }

    [Fact]
    public async Task Enqueues_the_subject_of_a_policy_of_another_installation()
    {
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        await PutPolicyAsync(new PolicyOwner(new string('b', 32)), "cart");

        (await keys.ReadAsync()).ShouldBe([Cart]);
    }

    [Fact]
    public async Task Ignores_policies_that_no_operator_wrote()
    {
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(PolicyFor("cart", Shop.Namespace)))).ShouldBeEmpty();
        (await keys.AfterAsync(user => user.Delete<V1NetworkPolicy>(Shop.Namespace, Shop.CartPolicy))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Enqueues_the_server_that_waits_for_the_name_of_a_foreign_policy_that_is_deleted()
    {
        Fake.User.Put(PolicyFor("cart", Shop.Namespace));
        Fake.User.Put(PolicyFor("web", Shop.Namespace));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);
        keys.Part<NameConflicts>().Add(new(Shop.Namespace, Shop.CartPolicy), new PolicyKey(SubjectType.Workload, Shop.Namespace, "cart"));

        (await keys.AfterAsync(user => user.Delete<V1NetworkPolicy>(Shop.Namespace, "wayleave-deployment-web-ingress"))).ShouldBeEmpty();
        (await keys.AfterAsync(user => user.Delete<V1NetworkPolicy>(Shop.Namespace, Shop.CartPolicy))).ShouldBe([Cart]);
        keys.Part<NameConflicts>().TryRemove(new(Shop.Namespace, Shop.CartPolicy)).ShouldBeNull("the server no longer waits");
    }

    [Fact]
    public async Task Enqueues_a_Service_and_its_workloads_when_an_Ingress_to_it_is_created_or_deleted()
    {
        Fake.User.Put(ServiceOf("redis", selects: "cart"));
        Fake.User.Put(Intents("checkout", Workload("cart"), Workload("web"), Service("redis")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(Ingress("redis")))).ShouldBe([Redis, Cart]);
        (await keys.AfterAsync(user => user.Delete<V1Ingress>(Shop.Namespace, "front"))).ShouldBe([Redis, Cart]);
    }

    [Fact]
    public async Task Enqueues_all_exposed_servers_and_no_others_when_an_IngressClass_changes()
    {
        Fake.User.Put(ServiceOf("redis", selects: "cart"));
        Fake.User.Put(Ingress("redis"));
        var balanced = ServiceOf("balanced", selects: "web");
        balanced.Spec!.Type = "LoadBalancer";
        Fake.User.Put(balanced);
        Fake.User.Put(Deployment("web"));
        Fake.User.Put(Intents("checkout", Workload("cart"), Workload("web"), Workload("db.data"), Service("redis")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(new V1IngressClass { Metadata = new V1ObjectMeta { Name = "nginx" }, Spec = new V1IngressClassSpec { Controller = "k8s.io/ingress-nginx" } })))
            .ShouldBe([Redis, Cart, "Workload/shop/web"]);
    }

    [Fact]
    public async Task Enqueues_the_clients_that_declare_domains_when_the_Pod_ranges_change()
    {
        Fake.User.Put(Intents("checkout", Workload("cart"), new IntentTarget { Internet = new InternetTarget { Domains = ["example.com"] } }));
        await using var keys = await EnqueuedKeys.StartAsync(Fake, egress: true);

        (await keys.AfterAsync(user => user.Put(Node("one", "10.1.0.0/24")))).ShouldBe([Checkout]);
        (await keys.AfterAsync(user => user.Put(Node("two", "10.1.0.0/24")))).ShouldBeEmpty("the range is already known");
    }

    [Fact]
    public async Task Enqueues_everything_when_the_DNS_Service_of_the_cluster_changes()
    {
        Fake.User.Put(Intents("checkout", Workload("cart")));
        await using var keys = await EnqueuedKeys.StartAsync(Fake);

        (await keys.AfterAsync(user => user.Put(ServiceOf("kube-dns", "kube-system", selects: "coredns"))))
            .ShouldBe(["Client/other/reports", Checkout, "Client/shop/search", "Service/other/ledger", "Workload/other/ledger", Cart, "Workload/shop/orders"]);
    }
}
