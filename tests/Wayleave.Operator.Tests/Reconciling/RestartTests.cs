using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Reconciling;

/// <summary>Rules for deleted workloads, whose Pods may still run, before and after a restart of the operator.</summary>
public sealed class RestartTests
{
    private readonly FakeCluster _cluster = Shop.Cluster();

    [Fact]
    public async Task A_deleted_client_keeps_its_rule_and_status_after_a_restart()
    {
        _cluster.User.Put(Shop.Intents());
        await RunAsync();
        await RunAsync(() => _cluster.User.Delete<PartialDeployment>(Shop.Namespace, "checkout"));
        var (rules, status) = (Clients(), Ready());
        var writes = _cluster.Writes.Count;

        await RunAsync();

        rules.ShouldBe(["checkout"]);
        Clients().ShouldBe(rules);
        Ready().ShouldBe(status);
        _cluster.Writes.Count.ShouldBe(writes);
    }

    [Fact]
    public async Task A_client_deleted_while_the_operator_is_down_keeps_its_rule()
    {
        _cluster.User.Put(Shop.Intents());
        await RunAsync();
        _cluster.User.Delete<PartialDeployment>(Shop.Namespace, "checkout");

        await RunAsync();

        Clients().ShouldBe(["checkout"]);
        Ready().ShouldContain("Pods with its last known labels stay allowed");
    }

    [Fact]
    public async Task Removes_the_rule_of_deleted_ClientIntents_but_not_that_of_a_missing_client()
    {
        _cluster.User.Put(Shop.Workload("search"));
        _cluster.User.Put(Shop.Intents());
        _cluster.User.Put(Shop.Intents("search"));
        await RunAsync();
        _cluster.User.Delete<PartialDeployment>(Shop.Namespace, "checkout");
        _cluster.User.Delete<ClientIntents>(Shop.Namespace, "search");

        await RunAsync();

        Clients().ShouldBe(["checkout"]);
    }

    [Fact]
    public async Task Writes_no_policy_for_a_deleted_client_on_the_host_network()
    {
        var checkout = Shop.Workload("checkout");
        checkout.Spec!.Template!.Spec = new PartialPodSpec { HostNetwork = true };
        _cluster.User.Put(checkout);
        _cluster.User.Put(Shop.Intents());
        await RunAsync(() => _cluster.User.Delete<PartialDeployment>(Shop.Namespace, "checkout"));

        await RunAsync();

        _cluster.Policy().ShouldBeNull();
        Ready().ShouldContain("host network");
    }

    [Fact]
    public async Task Keeps_the_port_numbers_of_a_deleted_server_after_a_restart()
    {
        var cart = Shop.Workload("cart");
        cart.Spec!.Template!.Spec = new PartialPodSpec { Containers = [new PartialContainer { Ports = [new PartialContainerPort { Name = "http", ContainerPort = 8080 }] }] };
        _cluster.User.Put(cart);
        var intents = Shop.Intents();
        intents.Spec.Targets[0].Kubernetes!.Ports = ["http"];
        _cluster.User.Put(intents);
        await RunAsync(() => _cluster.User.Delete<PartialDeployment>(Shop.Namespace, "cart"));

        await RunAsync(() => _cluster.User.Put(Shop.Workload("unrelated")));

        Rules()[^1].Ports!.ShouldHaveSingleItem().Port.Value.ShouldBe("8080");
    }

    [Fact]
    public async Task Does_not_keep_the_selector_of_a_deleted_client_that_selected_every_Pod()
    {
        _cluster.User.Put(Shop.Intents());
        await using var running = await Shop.StartAsync(_cluster);
        await running.SettleAsync();
        var all = Shop.Workload("checkout");
        all.Spec!.Selector = new V1LabelSelector();
        _cluster.User.Put(all);
        await running.SettleAsync();

        _cluster.User.Delete<PartialDeployment>(Shop.Namespace, "checkout");
        await running.SettleAsync();

        Rules().ShouldAllBe(rule => rule.FromProperty!.All(peer => peer.PodSelector!.MatchLabels!.Count > 0));
    }

    private async Task RunAsync(Action? then = null)
    {
        await using var running = await Shop.StartAsync(_cluster);
        await running.SettleAsync();
        then?.Invoke();
        await running.SettleAsync();
    }

    private IList<V1NetworkPolicyIngressRule> Rules() => _cluster.Policy()!.Spec!.Ingress!;

    // The first rule allows the server's own Pods.
    private List<string> Clients() => [.. Rules().Skip(1).Select(rule => rule.FromProperty![0].PodSelector!.MatchLabels!["app"])];

    private string Ready() => _cluster.Declared().Condition()!.Message!;
}
