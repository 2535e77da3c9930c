using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Decisions;

public class ServerDecisionCallerTests
{
    [Fact]
    public void A_server_whose_only_client_does_not_exist_allows_only_its_own_Pods()
    {
        var call = Given.Call(Given.Intents("checkout", Given.Target("cart")), new WorkloadResolution.NotFound([]));

        var plan = IngressPlanner.Plan(Given.Server(call));

        Given.RulesAfterOwnPods(plan.Desired.ShouldHaveSingleItem()).ShouldBeEmpty();
        Single(plan).ShouldBe(TargetResult.Pending(
            Reasons.ClientNotFound,
            "spec.workload.name: no workload is named \"checkout\" in namespace \"shop\"; create it, correct the name, or name Pods of another controller with"
                + " spec.workload.selector"));
    }

    [Fact]
    public void Merges_the_ports_of_a_client_that_is_declared_twice()
    {
        var plan = IngressPlanner.Plan(Given.Server(
            Given.Call(Given.Intents("checkout", Given.Target("cart", null, 443, 80))),
            Given.Call(Given.Intents("checkout", Given.Target("cart", null, 80, 8080)))));

        Ports(plan).ShouldBe([80, 443, 8080]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_to_every_port_includes_the_others(bool first)
    {
        IngressIntent[] calls =
        [
            Given.Call(Given.Intents("checkout", Given.Target("cart"))),
            Given.Call(Given.Intents("checkout", Given.Target("cart", null, 80))),
            Given.Call(Given.Intents("checkout", Given.Target("cart", null, 81))),
        ];

        var plan = IngressPlanner.Plan(Given.Server(first ? calls : [.. calls.Reverse()]));

        Given.RulesAfterOwnPods(plan.Desired[0]).ShouldHaveSingleItem().Ports.ShouldBeNull();
    }

    [Fact]
    public void Clients_with_one_name_in_two_namespaces_or_of_two_kinds_get_separate_rules()
    {
        var intents = Given.Intents("checkout", Given.Target("cart"));
        var cronJob = new WorkloadResolution.Found(Given.Workload("checkout", kind: WorkloadKind.CronJob));

        var plan = IngressPlanner.Plan(Given.Server(
            Given.Call(intents),
            Given.Call(intents, cronJob),
            Given.Call(Given.IntentsIn("web", "checkout", Given.Target("cart.shop")))));

        Given.RulesAfterOwnPods(plan.Desired[0]).Count.ShouldBe(3);
    }

    [Fact]
    public void Reports_and_does_not_allow_a_client_in_a_namespace_without_its_name_label()
    {
        var call = Given.Call(Given.Intents("checkout", Given.Target("cart"))) with { ClientNamespace = NamespaceState.Unlabeled };

        var plan = IngressPlanner.Plan(Given.Server(call));

        Given.RulesAfterOwnPods(plan.Desired[0]).ShouldBeEmpty();
        Single(plan).Reason.ShouldBe(Reasons.NamespaceLabelMissing);
        Single(plan).Message!.ShouldContain("label it kubernetes.io/metadata.name=shop");
    }

    [Fact]
    public void Enforces_a_call_with_HTTP_paths_without_the_paths()
    {
        var target = Given.Target("cart");
        target.Kubernetes!.Http = [new HttpResource { Path = "/v1", Methods = ["GET"] }];

        var plan = IngressPlanner.Plan(Given.Server(Given.Call(Given.Intents("checkout", target))));

        Single(plan).ShouldBe(new TargetResult(TargetStateNames.Enforced, Reasons.HttpPathsNotEnforced));
        Given.RulesAfterOwnPods(plan.Desired[0]).ShouldHaveSingleItem();
    }

    private static TargetResult Single(PolicyPlan plan) => plan.IntentResults.ShouldHaveSingleItem().Result;

    private static IEnumerable<int> Ports(PolicyPlan plan) =>
        Given.RulesAfterOwnPods(plan.Desired[0]).ShouldHaveSingleItem().Ports!.Select(port => PolicyPort.From(port).Port.Number);
}
