using k8s.Models;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Workloads;

public class WorkloadTests
{
    [Fact]
    public void Uses_the_selector_of_a_controller_and_not_the_labels_of_its_template()
    {
        var selector = Given.Selector(("app", "cart"));
        var template = new PartialPodTemplateSpec { Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string>() { ["app"] = "cart", ["version"] = "2" } } };

        var workloads = new[]
        {
            Workload.From(new PartialDeployment { Metadata = Given.Meta("cart"), Spec = new() { Selector = selector, Template = template } }),
            Workload.From(new PartialStatefulSet { Metadata = Given.Meta("cart"), Spec = new() { Selector = selector, Template = template } }),
            Workload.From(new PartialDaemonSet { Metadata = Given.Meta("cart"), Spec = new() { Selector = selector, Template = template } }),
            Workload.From(new PartialReplicaSet { Metadata = Given.Meta("cart"), Spec = new() { Selector = selector, Template = template } }),
        };

        workloads.ShouldAllBe(workload => workload.PodSelector == selector && !workload.IsOwned && workload.Uid == "uid-cart");
        workloads.Select(workload => workload.Kind).ShouldBe(
            [WorkloadKind.Deployment, WorkloadKind.StatefulSet, WorkloadKind.DaemonSet, WorkloadKind.ReplicaSet]);
    }

    [Fact]
    public void Selects_the_Pods_of_a_CronJob_by_the_labels_of_its_template()
    {
        var labels = new Dictionary<string, string> { ["app"] = "report" };
        var template = new PartialPodTemplateSpec { Metadata = new V1ObjectMeta { Labels = labels } };
        var entity = new PartialCronJob
        {
            Metadata = Given.Meta("report"),
            Spec = new PartialCronJobSpec { JobTemplate = new PartialJobTemplateSpec { Spec = new PartialWorkloadSpec { Template = template } } },
        };

        Workload.From(entity).PodSelector.MatchLabels.ShouldBe(labels);
    }

    [Fact]
    public void Leaves_out_labels_that_change_with_each_version_or_run_when_others_remain()
    {
        var cronJob = CronJob(("app", "report"), ("app.kubernetes.io/version", "2"), ("helm.sh/chart", "report-1.4"));
        var job = Job(
            ("app", "report"), ("controller-uid", "1"), ("batch.kubernetes.io/controller-uid", "1"), ("job-name", "report-1"),
            ("batch.kubernetes.io/job-name", "report-1"), ("batch.kubernetes.io/job-completion-index", "0"));

        foreach (var workload in new[] { cronJob, job })
        {
            workload.PodSelector.MatchLabels.ShouldBe(new Dictionary<string, string> { ["app"] = "report" });
            workload.HasUnstableLabels.ShouldBeFalse();
        }
    }

    [Fact]
    public void Selects_a_Job_without_labels_of_its_own_by_its_name_and_marks_it_unstable()
    {
        var job = Job(("controller-uid", "1"), ("batch.kubernetes.io/controller-uid", "1"), ("job-name", "report-1"));

        job.PodSelector.MatchLabels.ShouldBe(new Dictionary<string, string> { ["job-name"] = "report-1" });
        job.HasUnstableLabels.ShouldBeTrue();
    }

    [Fact]
    public void Uses_labels_that_change_when_there_are_no_others_and_marks_them_unstable()
    {
        var cronJob = CronJob(("app.kubernetes.io/version", "2"));

        cronJob.PodSelector.MatchLabels.ShouldBe(new Dictionary<string, string> { ["app.kubernetes.io/version"] = "2" });
        cronJob.HasUnstableLabels.ShouldBeTrue();
    }

    [Fact]
    public void Exactly_adds_the_labels_that_distinguish_a_workload_from_others()
    {
        var cronJob = CronJob(("app", "report"), ("app.kubernetes.io/version", "2")).WithExactSelector();
        var job = Job(("app", "report"), ("controller-uid", "1"), ("job-name", "report-1")).WithExactSelector();
        var stable = CronJob(("app", "report")).WithExactSelector();

        cronJob.PodSelector.MatchLabels!.Keys.ShouldBe(["app", "app.kubernetes.io/version"], ignoreOrder: true);
        cronJob.HasUnstableLabels.ShouldBeTrue();

        // A Job that is created again has another UID but the same name.
        job.PodSelector.MatchLabels!.Keys.ShouldBe(["app", "job-name"], ignoreOrder: true);
        job.HasUnstableLabels.ShouldBeTrue();
        stable.PodSelector.MatchLabels!.Keys.ShouldBe(["app"]);
        stable.HasUnstableLabels.ShouldBeFalse();
    }

    [Fact]
    public void Reads_the_ports_and_the_host_network_from_the_Pod_template()
    {
        var spec = new PartialPodSpec
        {
            HostNetwork = true,
            Containers = [new() { Ports = [new() { Name = "http", ContainerPort = 8080 }, null!, new() { ContainerPort = 53, Protocol = "UDP" }] }, new(), null!],
            InitContainers = [new() { Ports = [new() { Name = "proxy", ContainerPort = 15001, Protocol = "TCP" }] }],
        };
        var workload = Workload.From(new PartialDaemonSet { Metadata = Given.Meta("agent"), Spec = new() { Template = new() { Spec = spec } } });

        workload.AllPodsUseHostNetwork.ShouldBeTrue();
        workload.Ports.ShouldBe([new ContainerPort("http", 8080, "TCP"), new ContainerPort(null, 53, "UDP"), new ContainerPort("proxy", 15001, "TCP")]);
    }

    [Fact]
    public void Pods_of_a_selector_use_the_host_network_when_all_known_workloads_do()
    {
        var selector = Given.Selector(("team", "a"));
        var onHost = Given.Workload("agent") with { AllPodsUseHostNetwork = true };
        Workload Of(params Workload[] matches) => Workload.FromSelector("shop", "a", selector, matches);

        (Of().AllPodsUseHostNetwork, Of().AnyPodUsesHostNetwork).ShouldBe((false, false));
        (Of(onHost).AllPodsUseHostNetwork, Of(onHost).AnyPodUsesHostNetwork).ShouldBe((true, true));
        (Of(onHost, Given.Workload("web")).AllPodsUseHostNetwork, Of(onHost, Given.Workload("web")).AnyPodUsesHostNetwork).ShouldBe((false, true));
    }

    [Fact]
    public void Selects_a_bare_Pod_by_its_labels()
    {
        var entity = new PartialPod { Metadata = Given.Meta("probe") };
        entity.Metadata.Labels = new Dictionary<string, string>() { ["app"] = "probe" };

        Workload.From(entity).PodSelector.MatchLabels.ShouldBe(entity.Metadata.Labels);
    }

    [Theory]
    [InlineData("Deployment", true, true)]
    [InlineData("Rollout", true, true)]
    [InlineData("Rollout", false, false)]
    public void A_ReplicaSet_is_owned_when_it_has_a_controller(string owner, bool controls, bool owned) =>
        Workload.From(new PartialReplicaSet { Metadata = OwnedBy(owner, controls) }).IsOwned.ShouldBe(owned);

    [Theory]
    [InlineData("CronJob", true)]
    [InlineData("Workflow", false)]
    public void A_Job_is_owned_only_when_its_controller_is_a_CronJob(string owner, bool owned) =>
        Workload.From(new PartialJob { Metadata = OwnedBy(owner) }).IsOwned.ShouldBe(owned);

    [Theory]
    [InlineData("ReplicaSet", true, true)]
    [InlineData("Anything", true, true)]
    [InlineData("Anything", false, false)]
    public void A_Pod_is_owned_when_it_has_a_controller(string owner, bool controls, bool owned) =>
        Workload.From(new PartialPod { Metadata = OwnedBy(owner, controls) }).IsOwned.ShouldBe(owned);

    [Fact]
    public void A_StatefulSet_of_another_operator_is_not_owned() =>
        Workload.From(new PartialStatefulSet { Metadata = OwnedBy("Postgres") }).IsOwned.ShouldBeFalse();

    [Fact]
    public void A_missing_or_empty_selector_selects_everything()
    {
        Workload.From(new PartialDeployment { Metadata = Given.Meta("cart") }).SelectsEverything.ShouldBeTrue();
        Workload.From(new PartialPod { Metadata = Given.Meta("cart") }).SelectsEverything.ShouldBeTrue();
        var empty = new V1LabelSelector { MatchLabels = new Dictionary<string, string>(), MatchExpressions = [] };
        Workload.From(new PartialDeployment { Metadata = Given.Meta("cart"), Spec = new() { Selector = empty } }).SelectsEverything.ShouldBeTrue();
    }

    [Fact]
    public void A_selector_of_expressions_alone_does_not_select_everything()
    {
        var selector = new V1LabelSelector { MatchExpressions = [new() { Key = "app", OperatorProperty = "Exists" }] };

        Workload.From(new PartialDeployment { Metadata = Given.Meta("cart"), Spec = new() { Selector = selector } }).SelectsEverything.ShouldBeFalse();
    }

    private static Workload CronJob(params (string, string)[] labels) => Workload.From(new PartialCronJob
    {
        Metadata = Given.Meta("report"),
        Spec = new PartialCronJobSpec { JobTemplate = new PartialJobTemplateSpec { Spec = new PartialWorkloadSpec { Template = Template(labels) } } },
    });

    private static Workload Job(params (string, string)[] labels) => Workload.From(new PartialJob
    {
        Metadata = Given.Meta("report"),
        Spec = new PartialWorkloadSpec { Selector = Given.Selector(("controller-uid", "1")), Template = Template(labels) },
    });

    private static PartialPodTemplateSpec Template((string, string)[] labels) =>
        new() { Metadata = new V1ObjectMeta { Labels = Given.Selector(labels).MatchLabels } };

    private static V1ObjectMeta OwnedBy(string kind, bool controls = true)
    {
        var meta = Given.Meta("cart");
        meta.OwnerReferences = [new V1OwnerReference { Kind = kind, Name = "owner", Controller = controls }];
        return meta;
    }
}
