using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Models;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Workloads;

/// <summary>A workload with its Pod selector. The selector is shared with the cache; do not modify it.</summary>
public sealed record Workload(WorkloadKind Kind, string Namespace, string Name, string Uid, V1LabelSelector PodSelector)
{
    // Labels that change when a Job of the same name is created again.
    private static readonly HashSet<string> _labelsOfOneJob =
        ["app.kubernetes.io/version", "helm.sh/chart", "controller-uid", "batch.kubernetes.io/controller-uid"];

    // Labels that do not identify a workload, because they change with every version or run.
    private static readonly HashSet<string> _volatileLabels =
        [.. _labelsOfOneJob, "job-name", "batch.kubernetes.io/job-name", "batch.kubernetes.io/job-completion-index"];

    /// <summary>
    /// Whether another workload owns it, such as the ReplicaSet of a Deployment. It is found only if the reference has its kind.
    /// </summary>
    public bool IsOwned { get; init; }

    /// <summary>The name as declarations have it, for messages.</summary>
    public string DeclaredName => Kind == WorkloadKind.Pods ? SelectedPods.DeclaredName(Name) ?? Name : Name;

    /// <summary>Whether the selector is empty and would select every Pod of the namespace.</summary>
    public bool SelectsEverything => PodSelector is { MatchLabels: null or { Count: 0 }, MatchExpressions: null or { Count: 0 } };

    /// <summary>The labels that its pods are made with; null for none.</summary>
    public IDictionary<string, string>? PodLabels { get; init; }

    /// <summary>The ports that its containers declare.</summary>
    public IReadOnlyList<ContainerPort> Ports { get; init; } = [];

    /// <summary>Whether all its Pods use the host network, where a NetworkPolicy neither selects nor matches them.</summary>
    public bool AllPodsUseHostNetwork { get; init; }

    /// <summary>Whether some of its Pods use the host network: Pods named by their labels can be those of several workloads.</summary>
    public bool AnyPodUsesHostNetwork => AllPodsUseHostNetwork || MatchedWorkloads.Any(workload => workload.AllPodsUseHostNetwork);

    /// <summary>
    /// The selector with every label of the Pods of a Job or CronJob, those that change with each version or run too. Needed where the
    /// stable labels alone match Pods of other workloads; null where <see cref="PodSelector"/> has all there are.
    /// </summary>
    public V1LabelSelector? ExactSelector { get; init; }

    /// <summary>Whether <see cref="PodSelector"/> has labels that change with each version or run.</summary>
    public bool HasUnstableLabels { get; init; }

    /// <summary>The other workloads whose pods the selector matches too, as far as they were gathered.</summary>
    public IReadOnlyList<Workload> Overlaps { get; init; } = [];

    /// <summary>For Pods that a declaration names by their labels: the known workloads whose Pods the labels match.</summary>
    public IReadOnlyList<Workload> MatchedWorkloads { get; init; } = [];

    /// <summary>False when only the selector of a workload that is gone is known, from a policy in force or a status.</summary>
    public bool IsTemplateKnown { get; init; } = true;

    /// <summary>The workloads whose Pod templates are known.</summary>
    public IReadOnlyList<Workload> Templates => Kind == WorkloadKind.Pods ? MatchedWorkloads : IsTemplateKnown ? [this] : [];

    /// <summary>The workloads whose Pods the selector is known to match: a policy about this one is about all of them.</summary>
    public IReadOnlyList<Workload> SelectedWorkloads => Overlaps.Count == 0 ? Templates : [.. Templates, .. Overlaps];

    /// <summary>The Pods that its policies, and rules about it, select.</summary>
    public PolicySubject Subject => new(Kind.Name(), Namespace, Name, PodSelector);

    public static Workload From(PartialDeployment entity) =>
        New(WorkloadKind.Deployment, entity.Metadata, entity.Spec?.Selector, entity.Spec?.Template);

    public static Workload From(PartialStatefulSet entity) =>
        New(WorkloadKind.StatefulSet, entity.Metadata, entity.Spec?.Selector, entity.Spec?.Template);

    public static Workload From(PartialDaemonSet entity) =>
        New(WorkloadKind.DaemonSet, entity.Metadata, entity.Spec?.Selector, entity.Spec?.Template);

    /// <summary>Uses the labels of the Pod template: a CronJob has no selector, and those of its Jobs change with every run.</summary>
    public static Workload From(PartialCronJob entity)
    {
        var template = entity.Spec?.JobTemplate?.Spec?.Template;
        var workload = New(WorkloadKind.CronJob, entity.Metadata, Labels(template?.Metadata?.Labels), template);
        return WithStableLabels(workload, template?.Metadata?.Labels);
    }

    /// <summary>Uses stable labels if possible: the selector of a Job matches one run, and a recreated Job has another selector.</summary>
    public static Workload From(PartialJob entity)
    {
        var template = entity.Spec?.Template;
        var workload = New(WorkloadKind.Job, entity.Metadata, entity.Spec?.Selector, template, ControlledBy(entity, "CronJob"));
        return WithStableLabels(workload, template?.Metadata?.Labels);
    }

    public static Workload From(PartialReplicaSet entity) =>
        New(WorkloadKind.ReplicaSet, entity.Metadata, entity.Spec?.Selector, entity.Spec?.Template, ControlledBy(entity, null));

    /// <summary>Uses the labels of the Pod as its selector.</summary>
    public static Workload From(PartialPod entity)
    {
        var meta = entity.Metadata;
        return New(WorkloadKind.Pod, meta, Labels(meta.Labels), null, ControlledBy(entity, null)) with
        {
            PodLabels = meta.Labels,
            Ports = PortsOf(entity.Spec),
            AllPodsUseHostNetwork = entity.Spec?.HostNetwork == true,
        };
    }

    /// <summary>Pods that a declaration names by their labels.</summary>
    /// <param name="name">What the declaration calls them.</param>
    /// <param name="selector">Not empty.</param>
    /// <param name="matches">The known workloads whose Pods the labels match.</param>
    public static Workload FromSelector(string @namespace, string name, V1LabelSelector selector, IReadOnlyList<Workload> matches) =>
        new(WorkloadKind.Pods, @namespace, SelectedPods.GetName(name, selector), "", selector)
        {
            MatchedWorkloads = matches,
            PodLabels = selector.MatchLabels,
            AllPodsUseHostNetwork = matches.Count > 0 && matches.All(workload => workload.AllPodsUseHostNetwork),
        };

    /// <summary>A workload that is gone, of which only its selector is known.</summary>
    public static Workload CreateDeleted(WorkloadKind kind, string @namespace, string name, V1LabelSelector podSelector) =>
        new(kind, @namespace, name, "", podSelector) { IsTemplateKnown = false };

    /// <summary>The same workload, selected with all labels of its Pods.</summary>
    public Workload WithExactSelector() =>
        ExactSelector is null ? this : this with { PodSelector = ExactSelector, ExactSelector = null, HasUnstableLabels = true };

    private static Workload New(
        WorkloadKind kind, V1ObjectMeta meta, V1LabelSelector? selector, PartialPodTemplateSpec? template, bool owned = false) =>
        new(kind, meta.NamespaceProperty ?? "", meta.Name ?? "", meta.Uid ?? "", selector ?? new V1LabelSelector())
        {
            IsOwned = owned,
            PodLabels = template?.Metadata?.Labels,
            Ports = PortsOf(template?.Spec),
            AllPodsUseHostNetwork = template?.Spec?.HostNetwork == true,
        };

    private static Workload WithStableLabels(Workload workload, IDictionary<string, string>? labels)
    {
        var all = labels ?? new Dictionary<string, string>(StringComparer.Ordinal);
        var stable = Without(all, _volatileLabels);

        // The name of a Job stays when it is created again, its UID does not.
        var named = Without(all, _labelsOfOneJob);
        if (stable.Count == 0)
        {
            return (named.Count > 0 ? workload with { PodSelector = Labels(named) } : workload) with { HasUnstableLabels = all.Count > 0 };
        }

        return stable.Count == all.Count
            ? workload with { PodSelector = Labels(labels) }
            : workload with
            {
                PodSelector = Labels(stable),
                ExactSelector = named.Count > stable.Count ? Labels(named) : workload.PodSelector,
            };
    }

    private static Dictionary<string, string> Without(IDictionary<string, string> labels, HashSet<string> keys) =>
        labels.Where(label => !keys.Contains(label.Key)).ToDictionary(StringComparer.Ordinal);

    private static ContainerPort[] PortsOf(PartialPodSpec? spec)
    {
        if (spec is null)
        {
            return [];
        }

        return (spec.Containers ?? []).Concat(spec.InitContainers ?? [])
            .SelectMany(container => container?.Ports ?? [])
            .OfType<PartialContainerPort>()
            .Select(port => new ContainerPort(port.Name, port.ContainerPort, port.Protocol ?? PolicyPort.Tcp))
            .ToArray();
    }

    private static V1LabelSelector Labels(IDictionary<string, string>? labels) => new() { MatchLabels = labels };

    private static bool ControlledBy(IKubernetesObject<V1ObjectMeta> entity, string? kind) =>
        entity.Metadata.OwnerReferences?.Any(owner => owner.Controller == true && (kind is null || owner.Kind == kind)) == true;
}

/// <summary>A port that a container declares.</summary>
/// <param name="Name">Null for none.</param>
/// <param name="Protocol">TCP, UDP or SCTP.</param>
public readonly record struct ContainerPort(string? Name, int Number, string Protocol);

/// <summary>
/// Names of Pods that declarations name by their labels. Several declarations may use one name for different Pods, so the name of a policy
/// has a hash of the selector.
/// </summary>
public static class SelectedPods
{
    // Users choose the selector, so the hash is long enough that a collision cannot be found.
    private const int HashLength = 16;

    /// <summary>The name of a policy's subject: what the declaration calls the Pods, and a hash of their selector.</summary>
    public static string GetName(string name, V1LabelSelector selector)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in selector.MatchLabels.OrEmpty().OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            text.Append(key).Append('=').Append(value).Append('\n');
        }

        foreach (var requirement in selector.MatchExpressions ?? [])
        {
            text.Append(requirement.Key).Append(' ').Append(requirement.OperatorProperty).Append(' ').AppendJoin(
                ',', requirement.Values ?? []).Append('\n');
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))).AsSpan(0, HashLength);
        return $"{name}-{hash}";
    }

    /// <summary>What the declaration calls the Pods; null for a name that <see cref="GetName"/> cannot have made.</summary>
    public static string? DeclaredName(string name)
    {
        var dash = name.LastIndexOf('-');
        return dash > 0 && name.Length - dash - 1 == HashLength ? name[..dash] : null;
    }
}
