using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Status;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Tests.Status;

public class ProtectedServiceStatusBuilderTests
{
    private readonly ProtectedService _protection = Given.Protection("cart");

    [Fact]
    public void Is_ready_when_the_protection_is_enforced() =>
        Summarize(TargetResult.Enforced).ShouldBe(["Ready=True Enforced: only declared clients may call"]);

    [Fact]
    public void Is_ready_and_reports_that_nothing_is_enforced_in_a_system_namespace() =>
        Summarize(TargetResult.Disabled(Reasons.SystemNamespace))
            .ShouldBe(["Ready=True SystemNamespace: enforcement is disabled in this namespace, so any client may call"]);

    [Fact]
    public void A_protection_without_a_result_is_in_progress() =>
        Summarize(null).ShouldBe(["Ready=False Pending: not decided yet", "Reconciling=True Pending: not decided yet"]);

    [Fact]
    public void Ignores_a_result_for_another_generation()
    {
        _protection.Metadata.Generation = 2;

        Summarize(TargetResult.Enforced)[0].ShouldStartWith("Ready=False Pending");
    }

    [Fact]
    public void Is_reconciling_when_pending_and_stalled_when_failed()
    {
        Summarize(TargetResult.Pending(Reasons.WorkloadNotFound, "gone"))[1].ShouldBe("Reconciling=True WorkloadNotFound: gone");
        Summarize(TargetResult.Failed(Reasons.AmbiguousWorkload, "two"))[1].ShouldBe("Stalled=True AmbiguousWorkload: two");
    }

    [Fact]
    public void Reports_the_worst_result_of_several_clusters()
    {
        var name = NamespacedName.From(_protection);
        ProtectionResult[] results =
        [
            new(name, 1, TargetResult.Enforced, null),
            new(name, 1, TargetResult.Pending(Reasons.Unreachable, "cluster east: the API server does not respond in time"), null),
        ];

        var status = ProtectedServiceStatusBuilder.Summarize(_protection, results, DateTimeOffset.UnixEpoch);

        status.Conditions![0].ShouldSatisfyAllConditions(
            ready => ready.Status.ShouldBe("False"), ready => ready.Reason.ShouldBe(Reasons.Unreachable), ready => ready.Message.ShouldContain("east"));
    }

    [Fact]
    public void Is_stalled_by_an_invalid_spec_without_a_result()
    {
        _protection.Spec.Workload.Kind = "Cart";

        Summarize(null)[1].ShouldStartWith("Stalled=True InvalidSpec: spec.workload.kind: \"Cart\"");
    }

    [Fact]
    public void An_invalid_edit_keeps_and_names_the_generation_in_force()
    {
        _protection.Metadata.Generation = 3;
        _protection.Spec.Workload.Name = "Cart";
        _protection.Status = new ProtectedServiceStatus { ObservedGeneration = 2, EnforcedGeneration = 1, EnforcedSpec = """{"workload":{"name":"cart"},"ownPods":false}""" };

        var status = ProtectedServiceStatusBuilder.Summarize(_protection, [], DateTimeOffset.UnixEpoch);

        (status.ObservedGeneration, status.EnforcedGeneration).ShouldBe((3, 1));
        status.EnforcedSpec.ShouldBe(_protection.Status.EnforcedSpec);
        status.Conditions![0].Message.ShouldEndWith("; generation 1 stays in force");
    }

    [Fact]
    public void Sets_the_enforced_generation_only_for_a_valid_spec()
    {
        ProtectedServiceStatusBuilder.Summarize(_protection, [], DateTimeOffset.UnixEpoch).EnforcedGeneration.ShouldBe(1);
        _protection.Spec.Workload.Name = "Cart";
        ProtectedServiceStatusBuilder.Summarize(_protection, [], DateTimeOffset.UnixEpoch).EnforcedGeneration.ShouldBeNull();
    }

    [Fact]
    public void Merges_warnings_into_one_condition_for_each_type()
    {
        TargetResult Warned(params Warning[] warnings) => TargetResult.Enforced.With(warnings);
        var overlap = new Warning(ConditionTypes.SelectorOverlap, Reasons.SelectorOverlap, "overlap");
        var ranges = new Warning(ConditionTypes.ExternalTraffic, Reasons.PodRangesUnknown, "ranges");
        var unknown = new Warning(ConditionTypes.ExternalTraffic, Reasons.IngressClassNotFound, "class");

        Summarize(Warned(ranges, overlap, unknown, ranges)).ShouldBe([
            "Ready=True Enforced: only declared clients may call",
            "ExternalTraffic=False IngressClassNotFound: class; ranges",
            "SelectorOverlap=True SelectorOverlap: overlap"]);
    }

    private List<string> Summarize(TargetResult? result)
    {
        ProtectionResult[] results = result is null ? [] : [new ProtectionResult(NamespacedName.From(_protection), 1, result, null)];
        var status = ProtectedServiceStatusBuilder.Summarize(_protection, results, DateTimeOffset.UnixEpoch);
        status.ObservedGeneration.ShouldBe(_protection.Metadata.Generation);
        return status.Conditions!.ConvertAll(condition => $"{condition.Type}={condition.Status} {condition.Reason}: {condition.Message}");
    }
}
