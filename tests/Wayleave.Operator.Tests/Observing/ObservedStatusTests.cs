using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Reconciling;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Observing;

/// <summary>What statuses of ClientIntents say about calls that the network mapper has seen.</summary>
public sealed class ObservedStatusTests
{
    private readonly FakeCluster _cluster = Shop.Cluster();

    public ObservedStatusTests()
    {
        _cluster.User.Put(Shop.Workload("orders"));
        _cluster.User.Put(Shop.Intents());
    }

    [Fact]
    public async Task Reports_calls_that_are_not_declared_and_calls_without_an_answer()
    {
        _cluster.User.Put(SeenCalls.By("checkout", SeenCalls.To("cart"), SeenCalls.To("orders"), SeenCalls.To("search", 80, ObservedOutcomes.Unanswered)));
        await using var running = await StartAsync();

        await running.SettleAsync();

        Observed().ShouldBe(new ObservedCallCounts { Undeclared = 1, Unanswered = 1 });
        var condition = Condition();
        (condition!.Status, condition.Reason, condition.Message).ShouldBe(
            ("True", Reasons.UndeclaredCalls, "1 call not declared: orders.shop:8080; see kubectl wayleave map diff"));
        _cluster.Declared().Condition()!.Status.ShouldBe("True");
    }

    [Fact]
    public async Task Follows_the_map_while_it_runs()
    {
        await using var running = await StartAsync();
        await running.SettleAsync();
        Observed().ShouldBeNull();

        _cluster.User.Put(SeenCalls.By("checkout", SeenCalls.To("cart")));
        await running.SettleAsync();
        (Observed(), Condition()?.Reason).ShouldBe((new ObservedCallCounts(), Reasons.AllCallsDeclared));

        _cluster.User.Put(SeenCalls.By("checkout", SeenCalls.To("cart"), SeenCalls.To("orders")));
        await running.SettleAsync();
        Observed()!.Undeclared.ShouldBe(1);

        _cluster.User.Delete<ObservedIntents>(Shop.Namespace, "deployment-checkout");
        await running.SettleAsync();
        (Observed(), Condition()).ShouldBe((null, null));
    }

    [Fact]
    public async Task Writes_nothing_when_a_known_call_is_seen_again()
    {
        var seen = SeenCalls.By("checkout", SeenCalls.To("orders"));
        _cluster.User.Put(seen);
        await using var running = await StartAsync();
        await running.SettleAsync();
        var writes = _cluster.Writes.Count;

        seen.Calls[0].Last = new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc);
        seen.Calls[0].Connections = "1000+";
        seen.Telemetry = new DiscoveryTally { Intents = 1 };
        _cluster.User.Put(seen);
        await running.SettleAsync();

        _cluster.Writes.Count.ShouldBe(writes);
    }

    [Fact]
    public async Task A_call_is_declared_as_soon_as_any_ClientIntents_of_the_client_declares_it()
    {
        _cluster.User.Put(SeenCalls.By("checkout", SeenCalls.To("orders")));
        await using var running = await StartAsync();
        await running.SettleAsync();
        Observed()!.Undeclared.ShouldBe(1);

        var more = Shop.Intents();
        more.Metadata.Name = "more";
        more.Spec.Targets[0].Kubernetes!.Name = "orders";
        _cluster.User.Put(more);
        await running.SettleAsync();
        Observed()!.Undeclared.ShouldBe(0);
        _cluster.Declared("more").Status!.Observed!.Undeclared.ShouldBe(0);

        _cluster.User.Delete<ClientIntents>(Shop.Namespace, "more");
        await running.SettleAsync();
        Observed()!.Undeclared.ShouldBe(1);
    }

    [Fact]
    public async Task A_client_that_is_declared_by_labels_has_the_calls_of_the_workloads_that_they_match()
    {
        var intents = Shop.Intents();
        intents.Spec.Workload = new WorkloadRef { Name = "anything", Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string>() { ["app"] = "checkout" } } };
        _cluster.User.Put(intents);
        _cluster.User.Put(SeenCalls.By("checkout", SeenCalls.To("orders")));
        _cluster.User.Put(SeenCalls.By("orders", SeenCalls.To("cart")));
        await using var running = await StartAsync();

        await running.SettleAsync();

        Observed()!.Undeclared.ShouldBe(1);
    }

    [Fact]
    public async Task Follows_the_ports_of_a_declared_Service()
    {
        var front = new PartialService
        {
            Metadata = new V1ObjectMeta { Name = "front", NamespaceProperty = Shop.Namespace },
            Spec = new PartialServiceSpec { Selector = new Dictionary<string, string>() { ["app"] = "cart" }, Ports = [new PartialServicePort { Port = 80, TargetPort = 9090 }] },
        };
        _cluster.User.Put(front);
        var intents = Shop.Intents();
        intents.Spec.Targets = [new IntentTarget { Service = new ServiceTarget { Name = "front" } }];
        _cluster.User.Put(intents);
        _cluster.User.Put(SeenCalls.By("checkout", SeenCalls.To("cart")));
        await using var running = await StartAsync();
        await running.SettleAsync();
        Observed()!.Undeclared.ShouldBe(1);

        front.Spec.Ports[0].TargetPort = 8080;
        _cluster.User.Put(front);
        await running.SettleAsync();

        Observed()!.Undeclared.ShouldBe(0);
    }

    [Fact]
    public async Task Changes_nothing_that_is_enforced()
    {
        await using (var without = await Shop.StartAsync(_cluster))
        {
            await without.SettleAsync();
        }

        var policy = _cluster.Policy()!;
        _cluster.User.Put(SeenCalls.By("checkout", SeenCalls.To("orders"), SeenCalls.ToDomain("api.example.com")));

        await using var running = await StartAsync();
        await running.SettleAsync();

        _cluster.Policy()!.Metadata.ResourceVersion.ShouldBe(policy.Metadata.ResourceVersion);
        _cluster.List<V1NetworkPolicy>().ShouldHaveSingleItem();
        Observed()!.Undeclared.ShouldBe(2);
    }

    [Fact]
    public async Task Reads_no_map_and_removes_what_it_said_when_it_is_turned_off()
    {
        _cluster.User.Put(SeenCalls.By("checkout", SeenCalls.To("orders")));
        await using (var on = await StartAsync())
        {
            await on.SettleAsync();
        }

        Observed().ShouldNotBeNull();
        await using var off = await Shop.StartAsync(_cluster);
        await off.SettleAsync();

        (Observed(), Condition()).ShouldBe((null, null));
        _cluster.IsHeard("observedintents").ShouldBeFalse();
    }

    private Task<RunningOperator> StartAsync() => Shop.StartAsync(_cluster, SeenCalls.Options);

    private ObservedCallCounts? Observed() => _cluster.Declared().Status?.Observed;

    private V1Condition? Condition() => _cluster.Declared().Condition(ConditionTypes.UndeclaredCalls);
}
