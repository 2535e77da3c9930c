using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Decisions;

public class ServerDecisionModeTests
{
    private readonly IngressIntent _call = Given.Call(Given.Intents("checkout", Given.Target("cart")));

    [Fact]
    public void Shadow_computes_the_policy_and_does_not_write_it()
    {
        var plan = Decide(EnforcementMode.Shadow);

        plan.Desired.ShouldBeEmpty();
        Given.RulesAfterOwnPods(plan.ShadowPolicies.ShouldHaveSingleItem()).ShouldHaveSingleItem();
        plan.IntentResults[0].Result.ShouldBe(TargetResult.Shadow);
        plan.IntentResults[0].PolicyName.ShouldBeNull();
    }

    [Fact]
    public void Shadow_reports_a_missing_workload()
    {
        var inputs = Given.Server(_call) with { Settings = new NamespaceSettings(EnforcementMode.Shadow), Candidates = [] };

        IngressPlanner.Plan(inputs).IntentResults[0].Result.Reason.ShouldBe(Reasons.WorkloadNotFound);
    }

    [Fact]
    public void A_protected_server_is_enforced_in_Shadow()
    {
        var plan = Decide(EnforcementMode.Shadow, Given.Protection("cart"));

        Given.RulesAfterOwnPods(plan.Desired.ShouldHaveSingleItem()).ShouldHaveSingleItem();
        plan.IntentResults[0].Result.ShouldBe(TargetResult.Enforced);
        plan.ProtectionResults[0].Result.ShouldBe(TargetResult.Enforced);
        plan.ProtectionResults[0].PolicyName.ShouldBe("wayleave-deployment-cart-ingress");
    }

    [Fact]
    public void A_protection_does_not_apply_to_a_workload_of_another_kind()
    {
        var inputs = Given.Server(Given.Call(Given.Intents("checkout", Given.Target("cart", "StatefulSet")))) with
        {
            Settings = new NamespaceSettings(EnforcementMode.Shadow),
            Candidates = [Given.Workload("cart"), Given.Workload("cart", kind: WorkloadKind.StatefulSet)],
            Protections = [Given.Protection("cart", "Deployment")],
        };

        var plan = IngressPlanner.Plan(inputs);

        plan.Desired.ShouldHaveSingleItem().Metadata.Name.ShouldBe("wayleave-deployment-cart-ingress");
        plan.IntentResults[0].Result.ShouldBe(TargetResult.Shadow);
    }

    [Theory]
    [InlineData(Reasons.Disabled)]
    [InlineData(Reasons.SystemNamespace)]
    public void Disabled_ignores_calls_and_protections(string reason)
    {
        var inputs = Given.Server(_call) with
        {
            Settings = new NamespaceSettings(EnforcementMode.Disabled) { ModeReason = reason },
            Protections = [Given.Protection("cart")],
        };

        var plan = IngressPlanner.Plan(inputs);

        plan.Desired.ShouldBeEmpty();
        plan.ShadowPolicies.ShouldBeEmpty();
        plan.IntentResults[0].Result.ShouldBe(new TargetResult(TargetStateNames.Disabled, reason));
        plan.ProtectionResults[0].Result.ShouldBe(new TargetResult(TargetStateNames.Disabled, reason));
    }

    [Fact]
    public void A_protected_server_without_callers_allows_only_its_own_Pods()
    {
        var plan = IngressPlanner.Plan(Given.Server() with { Protections = [Given.Protection("cart")] });

        var policy = plan.Desired.ShouldHaveSingleItem();
        policy.Spec!.PolicyTypes.ShouldBe(["Ingress"]);
        Given.RulesAfterOwnPods(policy).ShouldBeEmpty();
    }

    [Fact]
    public void A_protection_is_pending_without_a_workload_and_fails_when_its_name_is_ambiguous()
    {
        var missing = Given.Server() with { Protections = [Given.Protection("cart")], Candidates = [] };
        var ambiguous = missing with { Candidates = [Given.Workload("cart"), Given.Workload("cart", kind: WorkloadKind.Pod)] };

        IngressPlanner.Plan(missing).ProtectionResults[0].Result.ShouldBe(TargetResult.Pending(
            Reasons.WorkloadNotFound,
            "spec.workload.name: no workload is named \"cart\" in namespace \"shop\"; create it, correct the name, or name Pods of another controller with"
                + " spec.workload.selector"));
        IngressPlanner.Plan(ambiguous).ProtectionResults[0].Result.ShouldBe(TargetResult.Failed(
            Reasons.AmbiguousWorkload,
            "spec.workload.kind: more than one workload is named \"cart\" in namespace \"shop\": a Deployment and a Pod; set kind"));
        IngressPlanner.Plan(ambiguous).Desired.ShouldBeEmpty();
    }

    [Fact]
    public void In_Shadow_an_ambiguous_protection_keeps_existing_policies()
    {
        var inputs = Given.Server(Given.Call(Given.Intents("checkout", Given.Target("cart", "Deployment")))) with
        {
            Settings = new NamespaceSettings(EnforcementMode.Shadow),
            Candidates = [Given.Workload("cart"), Given.Workload("cart", kind: WorkloadKind.Pod)],
            Protections = [Given.Protection("cart")],
        };

        var plan = IngressPlanner.Plan(inputs);

        plan.Desired.ShouldBeEmpty();
        plan.Retained.Count.ShouldBe(2);
        plan.IntentResults[0].Result.ShouldBe(TargetResult.Shadow);
    }

    [Fact]
    public void In_Shadow_an_ambiguous_call_keeps_no_policies()
    {
        var inputs = Given.Server(_call) with
        {
            Settings = new NamespaceSettings(EnforcementMode.Shadow),
            Candidates = [Given.Workload("cart"), Given.Workload("cart", kind: WorkloadKind.Pod)],
        };

        IngressPlanner.Plan(inputs).Retained.ShouldBeEmpty();
    }

    [Fact]
    public void Builds_no_policy_without_declarations()
    {
        var plan = IngressPlanner.Plan(Given.Server());

        plan.Desired.ShouldBeEmpty();
        plan.IntentResults.ShouldBeEmpty();
    }

    private PolicyPlan Decide(EnforcementMode mode, params ProtectedService[] protections) =>
        IngressPlanner.Plan(Given.Server(_call) with { Settings = new NamespaceSettings(mode), Protections = protections });
}
