using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Decisions;

public class ServerDecisionCallerTests
{
    [Fact]
    public void A_server_whose_only_client_does_not_exist_is_closed()
    {
        var call = Given.Call(Given.Intents("checkout", Given.Target("cart")), new WorkloadResolution.NotFound([]));

        var plan = ServerDecision.Decide(Given.Server(call));

        Given.RulesAfterOwnPods(plan.Desired.ShouldHaveSingleItem()).ShouldBeEmpty();
        Single(plan).ShouldBe(TargetResult.Pending(
            Reasons.ClientNotFound,
            "spec.workload.name: no workload is named \"checkout\" in namespace \"shop\"; create it, correct the name, or name Pods of another controller with"
                + " spec.workload.selector"));
    }

    [Fact]
    public void The_same_client_twice_may_use_the_ports_of_both()
    {
        var plan = ServerDecision.Decide(Given.Server(
            Given.Call(Given.Intents("checkout", Given.Target("cart", null, 443, 80))),
            Given.Call(Given.Intents("checkout", Given.Target("cart", null, 80, 8080)))));

        Ports(plan).ShouldBe([80, 443, 8080]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_to_every_port_takes_in_the_others(bool first)
    {
        DeclaredCall[] calls =
        [
            Given.Call(Given.Intents("checkout", Given.Target("cart"))),
            Given.Call(Given.Intents("checkout", Given.Target("cart", null, 80))),
            Given.Call(Given.Intents("checkout", Given.Target("cart", null, 81))),
        ];

        var plan = ServerDecision.Decide(Given.Server(first ? calls : [.. calls.Reverse()]));

        Given.RulesAfterOwnPods(plan.Desired[0]).ShouldHaveSingleItem().Ports.ShouldBeNull();
    }

    [Fact]
    public void Clients_of_one_name_in_two_namespaces_or_of_two_kinds_are_not_one()
    {
        var intents = Given.Intents("checkout", Given.Target("cart"));
        var cronJob = new WorkloadResolution.Found(Given.Workload("checkout", kind: WorkloadKind.CronJob));

        var plan = ServerDecision.Decide(Given.Server(
            Given.Call(intents),
            Given.Call(intents, cronJob),
            Given.Call(Given.IntentsIn("web", "checkout", Given.Target("cart.shop")))));

        Given.RulesAfterOwnPods(plan.Desired[0]).Count.ShouldBe(3);
    }

    [Fact]
    public void A_client_in_a_namespace_that_no_rule_can_match_is_reported()
    {
        var call = Given.Call(Given.Intents("checkout", Given.Target("cart"))) with { ClientNamespace = NamespaceState.Unlabelled };

        var plan = ServerDecision.Decide(Given.Server(call));

        Given.RulesAfterOwnPods(plan.Desired[0]).ShouldBeEmpty();
        Single(plan).Reason.ShouldBe(Reasons.NamespaceLabelMissing);
        Single(plan).Message!.ShouldContain("label it kubernetes.io/metadata.name=shop");
    }

    [Fact]
    public void A_call_with_paths_is_enforced_without_them()
    {
        var target = Given.Target("cart");
        target.Kubernetes!.Http = [new HttpResource { Path = "/v1", Methods = ["GET"] }];

        var plan = ServerDecision.Decide(Given.Server(Given.Call(Given.Intents("checkout", target))));

        Single(plan).ShouldBe(new TargetResult(TargetStates.Enforced, Reasons.HttpPathsNotEnforced));
        Given.RulesAfterOwnPods(plan.Desired[0]).ShouldHaveSingleItem();
    }

    private static TargetResult Single(PolicyPlan plan) => plan.Results.ShouldHaveSingleItem().Result;

    private static IEnumerable<int> Ports(PolicyPlan plan) =>
        Given.RulesAfterOwnPods(plan.Desired[0]).ShouldHaveSingleItem().Ports!.Select(port => PolicyPort.Of(port).Port.Number);
}
