using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Meaning.Steps;

namespace Wayleave.Operator.Tests.Meaning.Generating;

/// <summary>Makes workloads of all kinds, with few names and with labels that often overlap.</summary>
internal sealed class WorkloadMaker(Dice dice)
{
    private static readonly string[] _kinds =
        ["Deployment", "Deployment", "Deployment", "Deployment", "Deployment", "Deployment", "StatefulSet", "StatefulSet", "DaemonSet", "CronJob", "Job", "ReplicaSet", "Pod", "Pod"];

    private int _runs;

    public (Edit Put, Edit Delete) Make()
    {
        var labels = Labels.Make(dice, 1, 3);
        var selector = Labels.SelectorOf(dice, labels);
        var template = PodTemplates.Make(dice, labels);
        return dice.Pick(_kinds) switch
        {
            "Deployment" => Both(new PartialDeployment { Metadata = Meta(), Spec = new PartialWorkloadSpec { Selector = selector, Template = template } }),
            "StatefulSet" => Both(new PartialStatefulSet { Metadata = Meta(), Spec = new PartialWorkloadSpec { Selector = selector, Template = template } }),
            "DaemonSet" => Both(new PartialDaemonSet { Metadata = Meta(), Spec = new PartialWorkloadSpec { Selector = selector, Template = template } }),
            "CronJob" => CronJob(labels, template),
            "Job" => Job(labels, template),
            "ReplicaSet" => Both(new PartialReplicaSet { Metadata = Meta("Deployment"), Spec = new PartialWorkloadSpec { Selector = selector, Template = template } }),
            _ => Pod(),
        };
    }

    // The API server gives a Job a selector that selects only its own Pods. Since 1.27 the label has the domain batch.kubernetes.io.
    private (Edit Put, Edit Delete) Job(Dictionary<string, string> labels, PartialPodTemplateSpec template)
    {
        AddVersion(labels);
        var run = $"run-{++_runs}";
        string[] domains = dice.Chance(50) ? ["", "batch.kubernetes.io/"] : [""];
        var name = dice.Chance(50) ? dice.Name(Names.Workloads) : null;
        foreach (var domain in domains)
        {
            labels[$"{domain}controller-uid"] = run;
            if (name is not null)
            {
                labels[$"{domain}job-name"] = name;
            }
        }

        var selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { [$"{domains[^1]}controller-uid"] = run } };
        return Both(new PartialJob { Metadata = Meta("CronJob"), Spec = new PartialWorkloadSpec { Selector = selector, Template = template } });
    }

    private (Edit Put, Edit Delete) CronJob(Dictionary<string, string> labels, PartialPodTemplateSpec template)
    {
        AddVersion(labels);
        return Both(new PartialCronJob { Metadata = Meta(), Spec = new PartialCronJobSpec { JobTemplate = new PartialJobTemplateSpec { Spec = new PartialWorkloadSpec { Template = template } } } });
    }

    // Adds a label that changes with each version. Sometimes it is the only one.
    private void AddVersion(Dictionary<string, string> labels)
    {
        if (dice.Chance(10))
        {
            labels.Clear();
        }

        if (dice.Chance(40))
        {
            labels["app.kubernetes.io/version"] = dice.Pick(["v1", "v2"]);
        }
    }

    private (Edit Put, Edit Delete) Pod()
    {
        var meta = Meta("ReplicaSet");
        meta.Labels = Labels.Make(dice, 0, 3);
        return Both(new PartialPod { Metadata = meta, Spec = PodTemplates.Spec(dice) });
    }

    /// <param name="maker">The kind of the controller that may own it.</param>
    private V1ObjectMeta Meta(string? maker = null) => new()
    {
        Name = dice.Name(Names.Workloads),
        NamespaceProperty = dice.Name(Names.Namespaces),
        OwnerReferences = maker is not null && dice.Chance(40) ? [dice.Chance(40) ? Owner("argoproj.io/v1alpha1", "Rollout") : Owner("apps/v1", maker)] : null,
    };

    private V1OwnerReference Owner(string version, string kind) =>
        new() { ApiVersion = version, Kind = kind, Name = "maker", Uid = "uid-maker", Controller = dice.Chance(80) };

    private static (Edit Put, Edit Delete) Both<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        (new PutEdit<TEntity>(entity), new DeleteEdit<TEntity>(entity.Metadata.NamespaceProperty, entity.Metadata.Name!));
}
