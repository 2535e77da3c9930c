using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Tests.Decisions;

public class IngressPlannerTests
{
    [Fact]
    public void A_declared_client_is_matched_by_namespace_and_labels_together()
    {
        var plan = IngressPlanner.Plan(Given.Server(Given.Call(Given.IntentsIn("web", "checkout", Given.Target("cart.shop", null, 8080)))));

        var rule = Given.RulesAfterOwnPods(plan.Desired.ShouldHaveSingleItem()).ShouldHaveSingleItem();
        var peer = rule.FromProperty.ShouldHaveSingleItem();
        peer.NamespaceSelector!.MatchLabels.ShouldBe(new Dictionary<string, string> { [WayleaveLabels.NamespaceName] = "web" });
        peer.PodSelector!.MatchLabels.ShouldBe(new Dictionary<string, string> { ["app"] = "checkout" });
        rule.Ports!.ShouldHaveSingleItem().Port.Value.ShouldBe("8080");
        plan.IntentResults.ShouldHaveSingleItem().ShouldBe(
            new IntentResult(new NamespacedName("web", "checkout"), 1, 0, TargetResult.Enforced, "wayleave-deployment-cart-ingress")
            {
                Client = Given.Workload("checkout", "web").Subject,
            });
    }

    [Fact]
    public void Builds_one_policy_for_each_kind_that_declarations_name()
    {
        var inputs = Given.Server(
            Given.Call(Given.Intents("a", Given.Target("cart", "StatefulSet"))),
            Given.Call(Given.Intents("b", Given.Target("cart", "Deployment"))),
            Given.Call(Given.Intents("c", Given.Target("cart")))) with
        { Candidates = [Given.Workload("cart", kind: WorkloadKind.StatefulSet), Given.Workload("cart")] };

        var plan = IngressPlanner.Plan(inputs);

        plan.Desired.Select(policy => policy.Metadata.Name)
            .ShouldBe(["wayleave-deployment-cart-ingress", "wayleave-statefulset-cart-ingress"]);
        plan.IntentResults.Select(call => call.Result.Reason).ShouldBe([Reasons.Enforced, Reasons.Enforced, Reasons.AmbiguousWorkload]);
        plan.IntentResults[2].Result.Message.ShouldBe(
            "spec.targets[0].kubernetes.kind: more than one workload is named \"cart\" in namespace \"shop\": a Deployment and a StatefulSet; set kind; the policy in force stays");
    }

    [Fact]
    public void An_ambiguous_name_keeps_existing_policies_and_creates_none()
    {
        var calls = new[] { Given.Call(Given.Intents("checkout", Given.Target("cart"))) };
        var everything = Given.Workload("cart", kind: WorkloadKind.DaemonSet) with { PodSelector = new V1LabelSelector() };
        var inputs = Given.Server(calls) with { Candidates = [Given.Workload("cart"), Given.Workload("cart", kind: WorkloadKind.Pod), everything] };

        var plan = IngressPlanner.Plan(inputs);

        plan.Desired.ShouldBeEmpty();
        plan.Retained.Select(policy => policy.Metadata.Name).ShouldBe(["wayleave-deployment-cart-ingress", "wayleave-pod-cart-ingress"]);
        plan.Retained.ShouldAllBe(policy => Given.RulesAfterOwnPods(policy).Count == 1);
        Single(plan).Reason.ShouldBe(Reasons.AmbiguousWorkload);
    }

    [Fact]
    public void An_ambiguous_declaration_keeps_its_rule_on_the_server_that_another_declaration_names()
    {
        var inputs = Given.Server(
            Given.Call(Given.Intents("a", Given.Target("cart"))),
            Given.Call(Given.Intents("b", Given.Target("cart", "Deployment")))) with
        { Candidates = [Given.Workload("cart"), Given.Workload("cart", kind: WorkloadKind.Pod)] };

        var plan = IngressPlanner.Plan(inputs);

        Given.RulesAfterOwnPods(plan.Desired.ShouldHaveSingleItem()).Count.ShouldBe(2);
        plan.Retained.ShouldHaveSingleItem().Metadata.Name.ShouldBe("wayleave-pod-cart-ingress");
    }

    [Fact]
    public void Reports_a_server_that_is_missing_or_of_another_kind()
    {
        var inputs = Given.Server(Given.Call(Given.Intents("checkout", Given.Target("cart", "DaemonSet"))));

        Single(IngressPlanner.Plan(inputs)).Message.ShouldBe(
            "spec.targets[0].kubernetes.kind: \"cart\" in namespace \"shop\" is a Deployment, not a DaemonSet; correct the kind");
        var none = IngressPlanner.Plan(inputs with { Candidates = [] });
        none.Desired.ShouldBeEmpty();
        Single(none).ShouldBe(TargetResult.Pending(
            Reasons.WorkloadNotFound,
            "spec.targets[0].kubernetes.name: no DaemonSet is named \"cart\" in namespace \"shop\"; create it, or correct the name"));
    }

    [Fact]
    public void A_workload_that_selects_every_Pod_gets_no_policy_and_is_not_allowed_as_a_client()
    {
        var everything = Given.Workload("cart") with { PodSelector = new V1LabelSelector() };
        var intents = Given.Intents("checkout", Given.Target("cart"));

        var asServer = IngressPlanner.Plan(Given.Server(Given.Call(intents)) with { Candidates = [everything] });
        var asClient = IngressPlanner.Plan(Given.Server(Given.Call(intents, new WorkloadResolution.EmptySelector(everything))));

        asServer.Desired.ShouldBeEmpty();
        Single(asServer).Reason.ShouldBe(Reasons.EmptySelector);
        Given.RulesAfterOwnPods(asClient.Desired[0]).ShouldBeEmpty();
        Single(asClient).State.ShouldBe(TargetStateNames.Failed);
    }

    [Fact]
    public void Ignores_declarations_that_are_being_deleted()
    {
        var going = Given.Intents("checkout", Given.Target("cart"));
        going.Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        var protection = Given.Protection("cart");
        protection.Metadata.DeletionTimestamp = DateTime.UnixEpoch;

        var plan = IngressPlanner.Plan(Given.Server(Given.Call(going)) with { Protections = [protection] });

        plan.Desired.ShouldBeEmpty();
        plan.IntentResults.ShouldBeEmpty();
        plan.ProtectionResults.ShouldBeEmpty();
    }

    [Fact]
    public void Writes_no_policy_in_a_missing_namespace_and_reports_it()
    {
        var plan = IngressPlanner.Plan(
            Given.Server(Given.Call(Given.Intents("checkout", Given.Target("cart")))) with
            { NamespaceExists = false, Protections = [Given.Protection("cart")] });

        plan.Desired.ShouldBeEmpty();
        Single(plan).Reason.ShouldBe(Reasons.NamespaceNotFound);
        Single(plan).Message!.ShouldStartWith("spec.targets[0].kubernetes.name: ");
        plan.ProtectionResults[0].Result.Reason.ShouldBe(Reasons.NamespaceNotFound);
    }

    [Fact]
    public void Writes_no_policy_in_an_unwatched_namespace_and_reports_it()
    {
        var plan = IngressPlanner.Plan(
            Given.Server(Given.Call(Given.Intents("checkout", Given.Target("cart")))) with
            { IsWatched = false, NamespaceExists = false, Protections = [Given.Protection("cart")] });

        plan.Desired.ShouldBeEmpty();
        Single(plan).Reason.ShouldBe(Reasons.NamespaceNotWatched);
        Single(plan).State.ShouldBe(TargetStateNames.Failed);
        Single(plan).Message!.ShouldStartWith("spec.targets[0].kubernetes.name: this operator does not watch namespace \"shop\"");
    }

    private static TargetResult Single(PolicyPlan plan) => plan.IntentResults.ShouldHaveSingleItem().Result;
}
