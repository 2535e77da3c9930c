using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Workloads;

public class WorkloadTests
{
    [Fact]
    public void A_controller_is_its_own_selector_and_not_its_template()
    {
        var selector = Given.Selector(("app", "cart"));
        var template = new V1PodTemplateSpec { Metadata = new V1ObjectMeta { Labels = new() { ["app"] = "cart", ["version"] = "2" } } };

        var workloads = new[]
        {
            Workload.Of(new V1Deployment { Metadata = Given.Meta("cart"), Spec = new() { Selector = selector, Template = template } }),
            Workload.Of(new V1StatefulSet { Metadata = Given.Meta("cart"), Spec = new() { Selector = selector, Template = template } }),
            Workload.Of(new V1DaemonSet { Metadata = Given.Meta("cart"), Spec = new() { Selector = selector, Template = template } }),
            Workload.Of(new V1ReplicaSet { Metadata = Given.Meta("cart"), Spec = new() { Selector = selector, Template = template } }),
            Workload.Of(new V1Job { Metadata = Given.Meta("cart"), Spec = new() { Selector = selector, Template = template } }),
        };

        workloads.ShouldAllBe(workload => workload.PodSelector == selector && !workload.Owned && workload.Uid == "uid-cart");
        workloads.Select(workload => workload.Kind).ShouldBe(
            [WorkloadKind.Deployment, WorkloadKind.StatefulSet, WorkloadKind.DaemonSet, WorkloadKind.ReplicaSet, WorkloadKind.Job]);
    }

    [Fact]
    public void A_CronJob_is_the_labels_of_its_pods()
    {
        var labels = new Dictionary<string, string> { ["app"] = "report" };
        var template = new V1PodTemplateSpec { Metadata = new V1ObjectMeta { Labels = labels } };
        var entity = new V1CronJob
        {
            Metadata = Given.Meta("report"),
            Spec = new V1CronJobSpec { JobTemplate = new V1JobTemplateSpec { Spec = new V1JobSpec { Template = template } } },
        };

        Workload.Of(entity).PodSelector.MatchLabels.ShouldBe(labels);
    }

    [Fact]
    public void A_bare_pod_is_its_labels()
    {
        var entity = new V1Pod { Metadata = Given.Meta("probe") };
        entity.Metadata.Labels = new() { ["app"] = "probe" };

        Workload.Of(entity).PodSelector.MatchLabels.ShouldBe(entity.Metadata.Labels);
    }

    [Theory]
    [InlineData("Deployment", true)]
    [InlineData("Rollout", false)]
    public void A_ReplicaSet_belongs_to_the_Deployment_that_made_it(string owner, bool owned) =>
        Workload.Of(new V1ReplicaSet { Metadata = OwnedBy(owner) }).Owned.ShouldBe(owned);

    [Theory]
    [InlineData("CronJob", true)]
    [InlineData("Workflow", false)]
    public void A_Job_belongs_to_the_CronJob_that_made_it(string owner, bool owned) =>
        Workload.Of(new V1Job { Metadata = OwnedBy(owner) }).Owned.ShouldBe(owned);

    [Theory]
    [InlineData("ReplicaSet", true, true)]
    [InlineData("Anything", true, true)]
    [InlineData("Anything", false, false)]
    public void A_pod_belongs_to_whatever_controls_it(string owner, bool controls, bool owned) =>
        Workload.Of(new V1Pod { Metadata = OwnedBy(owner, controls) }).Owned.ShouldBe(owned);

    [Fact]
    public void A_StatefulSet_that_an_operator_made_is_a_workload_of_its_own() =>
        Workload.Of(new V1StatefulSet { Metadata = OwnedBy("Postgres") }).Owned.ShouldBeFalse();

    [Fact]
    public void A_missing_or_empty_selector_selects_everything()
    {
        Workload.Of(new V1Deployment { Metadata = Given.Meta("cart") }).SelectsEverything.ShouldBeTrue();
        Workload.Of(new V1Pod { Metadata = Given.Meta("cart") }).SelectsEverything.ShouldBeTrue();
        var empty = new V1LabelSelector { MatchLabels = [], MatchExpressions = [] };
        Workload.Of(new V1Deployment { Metadata = Given.Meta("cart"), Spec = new() { Selector = empty } }).SelectsEverything.ShouldBeTrue();
    }

    [Fact]
    public void A_selector_of_expressions_alone_does_not_select_everything()
    {
        var selector = new V1LabelSelector { MatchExpressions = [new() { Key = "app", OperatorProperty = "Exists" }] };

        Workload.Of(new V1Deployment { Metadata = Given.Meta("cart"), Spec = new() { Selector = selector } }).SelectsEverything.ShouldBeFalse();
    }

    private static V1ObjectMeta OwnedBy(string kind, bool controls = true)
    {
        var meta = Given.Meta("cart");
        meta.OwnerReferences = [new V1OwnerReference { Kind = kind, Name = "owner", Controller = controls }];
        return meta;
    }
}
