using Wayleave.Api;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Governance;

public class DeclaredGovernanceTests
{
    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var policy = DeclaredGovernance.Read(Policy(new EnforcementPolicySpec { Mode = "Enforce" }))!;

        policy.Priority.ShouldBe(0);
        policy.Selector.ShouldNotBeNull();
        (policy.Rule.Mode.Mode, policy.Rule.Egress, policy.Rule.Dns).ShouldBe((EnforcementMode.Enforce, false, true));
        policy.Rule.From.ShouldBeEmpty();
    }

    [Fact]
    public void All_that_is_declared_is_read()
    {
        var spec = new EnforcementPolicySpec
        {
            Mode = "Shadow",
            Priority = 7,
            Egress = true,
            Allow = new AllowedTraffic { Dns = false, From = [new AllowedCaller { PodSelector = Given.Selector(("app", "prometheus")), Ports = [9090, 80, 80] }] },
        };

        var policy = DeclaredGovernance.Read(Policy(spec))!;

        (policy.Priority, policy.Rule.Mode.Mode, policy.Rule.Egress, policy.Rule.Dns).ShouldBe((7, EnforcementMode.Shadow, true, false));
        var from = policy.Rule.From.ShouldHaveSingleItem();
        from.Peer.NamespaceSelector.ShouldBeNull();
        from.Ports.ShouldBe([new PolicyPort("TCP", 80), new PolicyPort("TCP", 9090)]);
    }

    [Fact]
    public void One_that_is_being_deleted_governs_nothing()
    {
        var policy = Policy(new EnforcementPolicySpec { Mode = "Enforce" });
        policy.Metadata.DeletionTimestamp = DateTimeOffset.UnixEpoch;

        DeclaredGovernance.Read(policy).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("off")]
    [InlineData("false")]
    public void An_unknown_mode_governs_nothing_and_says_so(string mode)
    {
        var policy = Policy(new EnforcementPolicySpec { Mode = mode });

        DeclaredGovernance.Read(policy).ShouldBeNull();
        DeclaredGovernance.Refusal(policy)!.Message.ShouldBe($"spec.mode: \"{mode}\" is not a mode (use Enforce, Shadow or \"Off\")");
    }

    [Theory]
    [InlineData("Like", "x", "spec.namespaceSelector.matchExpressions[0]: the operator \"Like\" is unknown (use In, NotIn, Exists or DoesNotExist)")]
    [InlineData("In", null, "spec.namespaceSelector.matchExpressions[0]: In needs values (give some)")]
    [InlineData("Exists", "x", "spec.namespaceSelector.matchExpressions[0]: Exists takes no values (remove them)")]
    [InlineData("NotIn", "x y", "spec.namespaceSelector.matchExpressions[0]: a value cannot be a label's value (correct it)")]
    public void A_selector_that_makes_no_sense_governs_nothing_and_says_so(string @operator, string? value, string message)
    {
        var requirement = new V1LabelSelectorRequirement { Key = "env", OperatorProperty = @operator, Values = value is null ? null : [value] };
        var policy = Policy(new EnforcementPolicySpec { Mode = "Enforce", NamespaceSelector = new V1LabelSelector { MatchExpressions = [requirement] } });

        DeclaredGovernance.Read(policy).ShouldBeNull();
        DeclaredGovernance.Refusal(policy).ShouldBe(Verdict.Failed(Reasons.InvalidSpec, message));
    }

    [Theory]
    [InlineData("en v", "prod")]
    [InlineData("-env", "prod")]
    [InlineData("UPPER.example.com/env", "prod")]
    [InlineData("/env", "prod")]
    [InlineData("env", "prod!")]
    public void A_label_that_no_object_can_have_is_refused(string key, string value)
    {
        var policy = Policy(new EnforcementPolicySpec { Mode = "Enforce", NamespaceSelector = Given.Selector((key, value)) });

        DeclaredGovernance.Refusal(policy)!.Message!.ShouldStartWith("spec.namespaceSelector.matchLabels: ");
    }

    [Fact]
    public void A_caller_that_makes_no_sense_is_left_out_and_the_rest_holds()
    {
        AllowedCaller good = new() { NamespaceSelector = Given.Selector(("env", "prod")) };
        AllowedCaller nobody = new() { Ports = [80] };
        AllowedCaller port = new() { PodSelector = new V1LabelSelector(), Ports = [80, 0] };
        var policy = Policy(new EnforcementPolicySpec { Mode = "Enforce", Allow = new AllowedTraffic { From = [good, nobody, port] } });

        DeclaredGovernance.Read(policy)!.Rule.From.ShouldHaveSingleItem().Peer.NamespaceSelector.ShouldBe(good.NamespaceSelector);
        DeclaredGovernance.Refusal(policy)!.Message.ShouldBe("spec.allow.from[1]: nobody is named (give namespaceSelector, podSelector or both)");
    }

    private static EnforcementPolicy Policy(EnforcementPolicySpec spec) => new() { Metadata = Given.Meta("prod", ""), Spec = spec };
}
