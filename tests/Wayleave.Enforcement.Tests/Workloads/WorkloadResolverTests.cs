using k8s.Models;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Workloads;

public class WorkloadResolverTests
{
    private static readonly Workload _deployment = Given.Workload("cart");
    private static readonly Workload _statefulSet = Given.Workload("cart", kind: WorkloadKind.StatefulSet);
    private static readonly Workload _pod = Given.Workload("cart", kind: WorkloadKind.Pod);
    private static readonly Workload _ownedPod = _pod with { IsOwned = true };

    [Fact]
    public void Finds_the_only_workload_with_the_name() =>
        WorkloadResolver.Resolve(null, [_statefulSet]).ShouldBe(new WorkloadResolution.Found(_statefulSet));

    [Fact]
    public void Finds_the_workload_of_the_given_kind_among_several() =>
        WorkloadResolver.Resolve(WorkloadKind.StatefulSet, [_deployment, _statefulSet]).ShouldBe(new WorkloadResolution.Found(_statefulSet));

    [Fact]
    public void Is_ambiguous_when_several_kinds_have_the_name_and_lists_them_in_lookup_order() =>
        WorkloadResolver.Resolve(null, [_pod, _statefulSet, _deployment])
            .ShouldBeOfType<WorkloadResolution.Ambiguous>()
            .Kinds.ShouldBe([WorkloadKind.Deployment, WorkloadKind.StatefulSet, WorkloadKind.Pod]);

    [Fact]
    public void Does_not_find_an_owned_workload_without_its_kind() =>
        WorkloadResolver.Resolve(null, [_ownedPod])
            .ShouldBeOfType<WorkloadResolution.NotFound>()
            .OtherKinds.ShouldBe([WorkloadKind.Pod]);

    [Fact]
    public void Finds_an_owned_workload_by_its_kind() =>
        WorkloadResolver.Resolve(WorkloadKind.Pod, [_ownedPod]).ShouldBe(new WorkloadResolution.Found(_ownedPod));

    [Fact]
    public void An_owned_workload_does_not_make_a_name_ambiguous() =>
        WorkloadResolver.Resolve(null, [_ownedPod, _deployment]).ShouldBe(new WorkloadResolution.Found(_deployment));

    [Fact]
    public void Finds_no_workload_of_the_wrong_kind_and_lists_the_kinds_that_have_the_name() =>
        WorkloadResolver.Resolve(WorkloadKind.DaemonSet, [_deployment])
            .ShouldBeOfType<WorkloadResolution.NotFound>()
            .OtherKinds.ShouldBe([WorkloadKind.Deployment]);

    [Fact]
    public void Finds_no_workload_without_candidates() =>
        WorkloadResolver.Resolve(null, []).ShouldBeOfType<WorkloadResolution.NotFound>().OtherKinds.ShouldBeEmpty();

    [Fact]
    public void Reports_an_empty_selector_for_a_workload_that_selects_every_Pod()
    {
        var everything = _deployment with { PodSelector = new V1LabelSelector() };

        WorkloadResolver.Resolve(null, [everything]).ShouldBe(new WorkloadResolution.EmptySelector(everything));
    }
}
