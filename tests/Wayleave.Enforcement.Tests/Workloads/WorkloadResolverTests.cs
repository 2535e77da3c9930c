using k8s.Models;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Workloads;

public class WorkloadResolverTests
{
    private static readonly Workload _deployment = Given.Workload("cart");
    private static readonly Workload _statefulSet = Given.Workload("cart", kind: WorkloadKind.StatefulSet);
    private static readonly Workload _pod = Given.Workload("cart", kind: WorkloadKind.Pod);
    private static readonly Workload _ownedPod = _pod with { Owned = true };

    [Fact]
    public void A_name_that_one_workload_has_means_that_workload() =>
        WorkloadResolver.Resolve(null, [_statefulSet]).ShouldBe(new WorkloadResolution.Found(_statefulSet));

    [Fact]
    public void A_kind_chooses_among_workloads_of_one_name() =>
        WorkloadResolver.Resolve(WorkloadKind.StatefulSet, [_deployment, _statefulSet]).ShouldBe(new WorkloadResolution.Found(_statefulSet));

    [Fact]
    public void Two_kinds_of_one_name_are_ambiguous_and_named_in_the_order_of_look_up() =>
        WorkloadResolver.Resolve(null, [_pod, _statefulSet, _deployment])
            .ShouldBeOfType<WorkloadResolution.Ambiguous>()
            .Kinds.ShouldBe([WorkloadKind.Deployment, WorkloadKind.StatefulSet, WorkloadKind.Pod]);

    [Fact]
    public void What_another_workload_made_is_not_found_without_its_kind() =>
        WorkloadResolver.Resolve(null, [_ownedPod])
            .ShouldBeOfType<WorkloadResolution.NotFound>()
            .OtherKinds.ShouldBe([WorkloadKind.Pod]);

    [Fact]
    public void What_another_workload_made_is_found_by_its_kind() =>
        WorkloadResolver.Resolve(WorkloadKind.Pod, [_ownedPod]).ShouldBe(new WorkloadResolution.Found(_ownedPod));

    [Fact]
    public void What_another_workload_made_does_not_make_a_name_ambiguous() =>
        WorkloadResolver.Resolve(null, [_ownedPod, _deployment]).ShouldBe(new WorkloadResolution.Found(_deployment));

    [Fact]
    public void A_kind_that_does_not_have_the_name_is_not_found_and_the_others_are_told() =>
        WorkloadResolver.Resolve(WorkloadKind.DaemonSet, [_deployment])
            .ShouldBeOfType<WorkloadResolution.NotFound>()
            .OtherKinds.ShouldBe([WorkloadKind.Deployment]);

    [Fact]
    public void No_candidate_is_not_found() =>
        WorkloadResolver.Resolve(null, []).ShouldBeOfType<WorkloadResolution.NotFound>().OtherKinds.ShouldBeEmpty();

    [Fact]
    public void A_workload_that_selects_every_pod_is_told_apart()
    {
        var everything = _deployment with { PodSelector = new V1LabelSelector() };

        WorkloadResolver.Resolve(null, [everything]).ShouldBe(new WorkloadResolution.EmptySelector(everything));
    }
}
