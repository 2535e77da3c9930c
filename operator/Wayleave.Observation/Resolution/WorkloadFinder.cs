using System.Collections.Immutable;
using Wayleave.Api;
using Wayleave.Enforcement.Text;

namespace Wayleave.Observation.Resolution;

/// <summary>The workload of a Pod, as a client and as a target.</summary>
/// <param name="Key">Its namespace, kind and name.</param>
/// <param name="Labels">
/// The labels that select its Pods, if its controller is of a kind that a declaration cannot name. Null otherwise.
/// </param>
internal sealed record WorkloadIdentity(WorkloadKey Key, ImmutableSortedDictionary<string, string>? Labels = null);

/// <summary>
/// Finds the workload of a Pod by its chain of owners. A declaration names workloads of seven kinds. Pods of other controllers, such as an
/// Argo Rollout or a database operator, are attributed to that controller by its name, so that a rollout or a new replica is not another
/// workload. As a target, they are named by their labels, which is what <c>kubernetes.selector</c> is for. As a client, the map can only
/// have a name and a kind: it has the kind of the object that owns the Pods in the meantime, ReplicaSet or Pod, and the person who makes a
/// declaration of it has to add the labels.
/// </summary>
internal static class WorkloadFinder
{
    // What the schema of a target allows.
    private const int MaxLabels = 100;

    private const string TemplateHash = "pod-template-hash";
    private const string Apps = "apps";
    private const string Batch = "batch";
    private const string Node = "Node";

    // Labels that differ between Pods or versions of one controller.
    private static readonly HashSet<string> _volatile = new(StringComparer.Ordinal)
    {
        TemplateHash, "rollouts-pod-template-hash", "controller-revision-hash", "statefulset.kubernetes.io/pod-name",
        "apps.kubernetes.io/pod-index", "app.kubernetes.io/version", "helm.sh/chart", "controller-uid", "job-name",
        "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name", "batch.kubernetes.io/job-completion-index",
    };

    /// <summary>
    /// Whether the labels of a Pod can be part of its identity. Deployments mark their Pods, and StatefulSets, DaemonSets and Jobs own them
    /// directly, so that labels are kept for few Pods.
    /// </summary>
    public static bool NeedsLabels(ControllerReference? controller, IDictionary<string, string>? labels) => controller switch
    {
        null => false,
        { Group: Apps, Kind: WorkloadKindNames.StatefulSet or WorkloadKindNames.DaemonSet } => false,
        { Group: Batch, Kind: WorkloadKindNames.Job } => false,
        { Group: Apps, Kind: WorkloadKindNames.ReplicaSet } => labels?.ContainsKey(TemplateHash) != true,
        { Group: "", Kind: Node } => false,
        _ => true,
    };

    /// <summary>The workload. Null if its chain of owners is not known (yet).</summary>
    /// <param name="findOwner">The ReplicaSet or Job of a UID. Null if it is not known.</param>
    public static WorkloadIdentity? Find(PodFacts pod, Func<string, OwnerFacts?> findOwner) => pod.Controller switch
    {
        null => Named(pod, WorkloadKindNames.Pod, pod.Name),
        { Group: "", Kind: Node } node => Named(pod, WorkloadKindNames.Pod, WithoutNode(pod.Name, node.Name)),
        { Group: Apps, Kind: WorkloadKindNames.StatefulSet or WorkloadKindNames.DaemonSet } owner => Named(pod, owner.Kind, owner.Name),
        { Group: Apps, Kind: WorkloadKindNames.ReplicaSet } set => findOwner(set.Uid) is { } known ? OfReplicaSet(pod, set, known) : null,
        { Group: Batch, Kind: WorkloadKindNames.Job } job => findOwner(job.Uid) is { } known ? OfJob(pod, job, known) : null,
        var other => Selected(pod, WorkloadKindNames.Pod, other.Name),
    };

    private static WorkloadIdentity OfReplicaSet(PodFacts pod, ControllerReference set, OwnerFacts known) => known.Controller switch
    {
        null => Named(pod, WorkloadKindNames.ReplicaSet, set.Name),
        { Group: Apps, Kind: WorkloadKindNames.Deployment } deployment => Named(pod, WorkloadKindNames.Deployment, deployment.Name),
        var other => Selected(pod, WorkloadKindNames.ReplicaSet, other.Name),
    };

    // A Job of any other controller can be named itself.
    private static WorkloadIdentity OfJob(PodFacts pod, ControllerReference job, OwnerFacts known) => known.Controller switch
    {
        { Group: Batch, Kind: WorkloadKindNames.CronJob } cronJob => Named(pod, WorkloadKindNames.CronJob, cronJob.Name),
        _ => Named(pod, WorkloadKindNames.Job, job.Name),
    };

    private static WorkloadIdentity Named(PodFacts pod, string kind, string name) =>
        new(IsOwnerName(name) ? new WorkloadKey(pod.Namespace, kind, name) : KeyOf(pod));

    private static WorkloadIdentity Selected(PodFacts pod, string kind, string name) =>
        IsOwnerName(name) ? new(new WorkloadKey(pod.Namespace, kind, name), SelectorOf(pod)) : new(KeyOf(pod));

    // Of too many labels a part: all Pods of the controller have these.
    private static ImmutableSortedDictionary<string, string> SelectorOf(PodFacts pod)
    {
        var labels = pod.Labels.RemoveRange(_volatile);
        return labels.Count <= MaxLabels ? labels : labels.RemoveRange(labels.Keys.Skip(MaxLabels));
    }

    private static WorkloadKey KeyOf(PodFacts pod) => new(pod.Namespace, WorkloadKindNames.Pod, pod.Name);

    // The API server accepts an owner reference with any name, and would refuse every object of the map in which it is a target.
    private static bool IsOwnerName(string name) => DnsNameValidator.IsSubdomain(name);

    // The kubelet names the mirror of a static Pod after both.
    private static string WithoutNode(string name, string node) =>
        name.Length > node.Length + 1 && name.EndsWith($"-{node}", StringComparison.Ordinal) ? name[..^(node.Length + 1)] : name;
}

/// <summary>A ReplicaSet or Job: what owns it.</summary>
/// <param name="Controller">Null if it was created by hand.</param>
internal sealed record OwnerFacts(ControllerReference? Controller);
