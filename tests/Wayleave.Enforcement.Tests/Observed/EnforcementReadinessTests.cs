using Wayleave.Api;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Observed;
using Wayleave.Enforcement.Status;

namespace Wayleave.Enforcement.Tests.Observed;

public class EnforcementReadinessTests
{
    private static readonly DateTimeOffset _since = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Is_unknown_without_observations()
    {
        var condition = EnforcementReadiness.Decide(new ReadinessEvidence(null, []), _since);

        (condition.Type, condition.Status, condition.Reason).ShouldBe((ConditionTypes.ReadyToEnforce, "Unknown", Reasons.NoObservations));
    }

    [Fact]
    public void Is_false_while_calls_would_be_cut_and_names_at_most_three()
    {
        var condition = EnforcementReadiness.Decide(new ReadinessEvidence(_since, ["d", "b", "a", "c"]), _since.AddDays(30));

        (condition.Status, condition.Reason).ShouldBe(("False", Reasons.UndeclaredCalls));
        condition.Message.ShouldBe("4 calls would be cut: a, b, c and 1 more; see kubectl wayleave map diff");
    }

    [Theory]
    [InlineData(0, "False", Reasons.TooFewDays)]
    [InlineData(6.99, "False", Reasons.TooFewDays)]
    [InlineData(7, "True", Reasons.ReadyToEnforce)]
    public void Is_true_after_seven_days_in_which_no_call_was_seen_that_would_be_cut(double days, string status, string reason)
    {
        var condition = EnforcementReadiness.Decide(new ReadinessEvidence(_since, []), _since.AddDays(days));

        (condition.Status, condition.Reason).ShouldBe((status, reason));
    }

    [Fact]
    public void Says_until_when_to_wait() =>
        EnforcementReadiness.Decide(new ReadinessEvidence(_since, []), _since.AddDays(2)).Message
            .ShouldBe("no call that was seen would be cut, but calls are observed only since 2026-11-20; wait until 2026-11-27");

    [Fact]
    public void Is_one_of_our_conditions_in_the_status_of_a_policy()
    {
        var policy = new EnforcementPolicy { Metadata = Given.Meta("strict"), Spec = new EnforcementPolicySpec { Mode = EnforcementModeNames.Shadow } };
        var readiness = EnforcementReadiness.Decide(new ReadinessEvidence(_since, []), _since);
        var with = EnforcementPolicyStatusBuilder.Summarize(policy, null, new PolicyCoverage(1, 1, []), _since, readiness: readiness);
        var without = EnforcementPolicyStatusBuilder.Summarize(policy, null, new PolicyCoverage(1, 1, []), _since);

        with.Conditions!.Select(condition => $"{condition.Type} {condition.Status}").ShouldBe(["Ready True", "ReadyToEnforce False"]);
        StatusEquality.AreEqual(with, without).ShouldBeFalse("a status of a policy that left mode Shadow loses the condition");
    }
}
