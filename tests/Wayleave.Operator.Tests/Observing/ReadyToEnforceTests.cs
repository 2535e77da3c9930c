using k8s.Models;
using Wayleave.Api;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Reconciling;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Observing;

/// <summary>Whether an EnforcementPolicy in mode Shadow would cut calls that the network mapper has seen.</summary>
public sealed class ReadyToEnforceTests
{
    private readonly FakeCluster _cluster = Shop.Cluster();

    public ReadyToEnforceTests()
    {
        _cluster.User.Put(Shop.Workload("web"));
        _cluster.User.Put(Shop.Workload("orders"));
        _cluster.User.Put(Shop.Intents());
        Govern(EnforcementModeNames.Shadow);
    }

    [Fact]
    public async Task Is_unknown_until_a_call_was_seen()
    {
        await using var running = await StartAsync();

        await running.SettleAsync();

        (Condition()!.Status, Condition()!.Reason).ShouldBe(("Unknown", Reasons.NoObservations));
    }

    [Fact]
    public async Task Names_an_undeclared_call_to_a_server_that_would_be_isolated()
    {
        _cluster.User.Put(SeenCalls.By("web", SeenCalls.To("cart"), SeenCalls.To("orders")));
        await using var running = await StartAsync();

        await running.SettleAsync();

        (Condition()!.Status, Condition()!.Reason, Condition()!.Message).ShouldBe((
            "False", Reasons.UndeclaredCalls, "1 call would be cut: web.shop -> cart.shop:8080; see kubectl wayleave map diff"));
    }

    [Fact]
    public async Task Becomes_ready_when_the_call_is_declared_and_seven_days_have_passed()
    {
        _cluster.User.Put(SeenCalls.By("web", SeenCalls.To("cart")));
        await using var running = await StartAsync();
        await running.SettleAsync();

        _cluster.User.Put(Shop.Intents("web"));
        await running.UntilAsync("the declaration to count", () => Condition()!.Reason != Reasons.UndeclaredCalls);
        Condition()!.Reason.ShouldBe(Reasons.TooFewDays);
        await running.SettleAsync();

        (Condition()!.Status, Condition()!.Reason).ShouldBe(("True", Reasons.ReadyToEnforce));
        running.Elapsed.ShouldBeInRange(TimeSpan.FromDays(7), TimeSpan.FromDays(8.1));
    }

    [Fact]
    public async Task Counts_a_call_to_a_protected_server()
    {
        _cluster.User.Put(SeenCalls.By("web", SeenCalls.To("orders")));
        _cluster.User.Put(new ProtectedService
        {
            Metadata = new V1ObjectMeta { Name = "orders", NamespaceProperty = Shop.Namespace },
            Spec = new ProtectedServiceSpec { Workload = new WorkloadRef { Name = "orders" } },
        });

        (await ReasonAsync()).ShouldBe(Reasons.UndeclaredCalls);
    }

    [Fact]
    public async Task Does_not_count_unanswered_calls_and_calls_between_Pods_of_one_server()
    {
        _cluster.User.Put(SeenCalls.By("web", SeenCalls.To("cart", outcome: ObservedOutcomes.Unanswered)));
        _cluster.User.Put(SeenCalls.By("cart", SeenCalls.To("cart")));

        (await ReasonAsync()).ShouldBe(Reasons.ReadyToEnforce);
    }

    [Fact]
    public async Task Does_not_count_calls_of_clients_that_the_policy_always_allows()
    {
        _cluster.User.Put(SeenCalls.By("web", SeenCalls.To("cart")));
        Govern(EnforcementModeNames.Shadow, spec => spec.Allow = new AllowedTraffic
        {
            From = [new AllowedCaller { PodSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string>() { ["app"] = "web" } }, Ports = [8080] }],
        });

        (await ReasonAsync()).ShouldBe(Reasons.ReadyToEnforce);
    }

    [Fact]
    public async Task Counts_declared_calls_from_namespaces_that_are_not_accepted()
    {
        _cluster.User.Put(SeenCalls.By("web", SeenCalls.To("orders")));
        _cluster.User.Put(Shop.Intents("web"));
        _cluster.User.Put(new ProtectedService
        {
            Metadata = new V1ObjectMeta { Name = "cart", NamespaceProperty = Shop.Namespace },
            Spec = new ProtectedServiceSpec { Workload = new WorkloadRef { Name = "cart" } },
        });
        _cluster.User.Put(SeenCalls.By("checkout", SeenCalls.To("cart")));
        Govern(EnforcementModeNames.Shadow, spec => spec.AcceptFrom = new AcceptedIntents { NamespaceSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string>() { ["trusted"] = "yes" } } });

        (await ReasonAsync()).ShouldBe(Reasons.UndeclaredCalls);
        Condition()!.Message.ShouldContain("checkout.shop -> cart.shop:8080");
    }

    [Fact]
    public async Task Counts_undeclared_calls_of_declared_clients_only_if_egress_is_restricted()
    {
        _cluster.User.Put(SeenCalls.By("checkout", SeenCalls.ToDomain("api.example.com")));
        _cluster.User.Put(SeenCalls.By("web", SeenCalls.ToDomain("api.example.com")));
        (await ReasonAsync()).ShouldBe(Reasons.ReadyToEnforce);

        Govern(EnforcementModeNames.Shadow, spec => spec.Egress = true);
        (await ReasonAsync()).ShouldBe(Reasons.UndeclaredCalls);
        Condition()!.Message.ShouldContain("checkout.shop -> api.example.com:443");
        Condition()!.Message.ShouldNotContain("web.shop");
    }

    [Fact]
    public async Task Is_absent_in_other_modes_and_without_the_map()
    {
        _cluster.User.Put(SeenCalls.By("web", SeenCalls.To("cart")));
        (await ReasonAsync()).ShouldBe(Reasons.UndeclaredCalls);

        await using (var off = await Shop.StartAsync(_cluster))
        {
            await off.SettleAsync();
            Condition().ShouldBeNull();
        }

        Govern(EnforcementModeNames.Enforce);
        (await ReasonAsync()).ShouldBeNull();
    }

    private async Task<string?> ReasonAsync()
    {
        await using var running = await StartAsync();
        await running.SettleAsync();
        return Condition()?.Reason;
    }

    private Task<RunningOperator> StartAsync() => Shop.StartAsync(_cluster, SeenCalls.Options);

    private V1Condition? Condition() => _cluster.List<EnforcementPolicy>().Single().Status?.Conditions?.Find(condition => condition.Type == ConditionTypes.ReadyToEnforce);

    private void Govern(string mode, Action<EnforcementPolicySpec>? more = null)
    {
        var spec = new EnforcementPolicySpec { Mode = mode };
        more?.Invoke(spec);
        _cluster.User.Put(new EnforcementPolicy { Metadata = new V1ObjectMeta { Name = "rollout" }, Spec = spec });
    }
}
