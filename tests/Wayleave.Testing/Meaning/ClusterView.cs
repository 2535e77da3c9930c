using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>A declaration that is in force.</summary>
/// <param name="IsKept">Whether it is an earlier generation, because the current one is invalid.</param>
public sealed record Declared<TEntity>(TEntity Entity, bool IsKept)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>;

/// <summary>The state of a cluster at one moment, as its users see it. Uses nothing that only the operator knows.</summary>
public sealed class ClusterView
{
    private readonly Dictionary<string, V1Namespace> _namespaces;
    private readonly Governance _governance;
    private readonly Dictionary<ClusterPod, string> _fingerprints = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<ClusterPod> _gonePods = new(ReferenceEqualityComparer.Instance);
    private readonly Lazy<Reachability> _written;

    /// <param name="cluster">The cluster, which is read once.</param>
    /// <param name="defaults">The flags of the operator.</param>
    /// <param name="past">The state before. Null when it is not known.</param>
    public ClusterView(IClusterObjects cluster, Defaults defaults, Past? past = null)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        past ??= Past.None;
        Defaults = defaults;
        _namespaces = cluster.List<V1Namespace>().ToDictionary(@namespace => @namespace.Metadata.Name!, StringComparer.Ordinal);
        Intents = Live<ClientIntents>(cluster);
        Protections = Live<ProtectedService>(cluster);
        Enforcements = Live<EnforcementPolicy>(cluster);
        DeclaredIntents = InForceOf(Intents, past);
        DeclaredProtections = InForceOf(Protections, past);
        var enforcements = InForceOf(Enforcements, past);
        InForce = [.. DeclaredIntents.Select(declared => declared.Entity), .. DeclaredProtections.Select(declared => declared.Entity), .. enforcements.Select(declared => declared.Entity)];
        _governance = new Governance([.. enforcements.Select(declared => declared.Entity)], _namespaces, defaults);
        Workloads = ClusterWorkloads.Read(cluster, defaults);
        Services = cluster.List<PartialService>();
        var names = new DeclaredNames(this);
        GoneWorkloads = past.Gone(Workloads, names.IsWorkload);
        GoneServices = past.Gone(Services, names.IsService);
        Pods = ReadPods();
        Exposure = new Exposure(cluster, this);
        var policies = cluster.List<V1NetworkPolicy>();
        Policies = [.. policies.Where(IsOurs)];
        NameConflicts = policies.Where(policy => !IsOurs(policy)).Select(policy => (policy.Metadata.NamespaceProperty!, policy.Metadata.Name!)).ToHashSet();
        _written = new Lazy<Reachability>(() => new Reachability(Namespaces, Policies));
    }

    public Defaults Defaults { get; }

    public IReadOnlyList<DeclaredWorkload> Workloads { get; }

    /// <inheritdoc cref="Past.Gone(IReadOnlyList{DeclaredWorkload}, Func{string, string, bool})"/>
    public IReadOnlyList<DeclaredWorkload> GoneWorkloads { get; }

    /// <summary>One Pod of each workload, deleted workloads included.</summary>
    public IReadOnlyList<ClusterPod> Pods { get; }

    public IReadOnlyList<PartialService> Services { get; }

    /// <inheritdoc cref="Past.Gone(IReadOnlyList{PartialService}, Func{string, string, bool})"/>
    public IReadOnlyList<PartialService> GoneServices { get; }

    /// <summary>What exposes Services outside the cluster.</summary>
    public Exposure Exposure { get; }

    /// <summary>The objects that are not being deleted. An object that is being deleted has no effect.</summary>
    public IReadOnlyList<ClientIntents> Intents { get; }

    /// <inheritdoc cref="Intents"/>
    public IReadOnlyList<ProtectedService> Protections { get; }

    /// <inheritdoc cref="Intents"/>
    public IReadOnlyList<EnforcementPolicy> Enforcements { get; }

    /// <summary>The generations of <see cref="Intents"/> that are in force.</summary>
    public IReadOnlyList<Declared<ClientIntents>> DeclaredIntents { get; }

    /// <inheritdoc cref="DeclaredIntents"/>
    public IReadOnlyList<Declared<ProtectedService>> DeclaredProtections { get; }

    /// <summary>The generations of all declarations that are in force.</summary>
    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> InForce { get; }

    /// <summary>The policies that the operator wrote.</summary>
    public IReadOnlyList<V1NetworkPolicy> Policies { get; }

    /// <summary>The connections that <see cref="Policies"/> allow.</summary>
    public Reachability Written => _written.Value;

    /// <summary>The names of policies of others.</summary>
    public IReadOnlySet<(string Namespace, string Name)> NameConflicts { get; }

    /// <summary>The namespaces as NetworkPolicies see them.</summary>
    public IEnumerable<ClusterNamespace> Namespaces =>
        _namespaces.Values.Select(@namespace => new ClusterNamespace(@namespace.Metadata.Name!, @namespace.Metadata.Labels.ToMap()));

    public static bool IsOurs(V1NetworkPolicy policy) =>
        policy.Metadata.ManagedFields?.Any(entry => entry is { Manager: "wayleave" }) == true;

    /// <inheritdoc cref="Governance.GetSettings"/>
    public Rule GetSettings(string @namespace) => _governance.GetSettings(@namespace);

    public IReadOnlyDictionary<string, string> LabelsOf(string @namespace) => (_namespaces.GetValueOrDefault(@namespace)?.Metadata.Labels).ToMap();

    public bool HasNamespace(string @namespace) => _namespaces.ContainsKey(@namespace);

    /// <summary>Whether a namespace is being deleted. Nothing new can be written there, but its Pods still run.</summary>
    public bool IsTerminating(string @namespace) => _namespaces.GetValueOrDefault(@namespace)?.Metadata.DeletionTimestamp is not null;

    /// <summary>Whether a rule can select a namespace by its name label, which old API servers do not set.</summary>
    public bool CanBeNamed(string @namespace) =>
        _namespaces.TryGetValue(@namespace, out var found) && found.Metadata.Labels.Find("kubernetes.io/metadata.name") == @namespace;

    /// <summary>The workloads that a name without a selector refers to.</summary>
    public IReadOnlyList<DeclaredWorkload> Named(string @namespace, string name, string? kind) => MeaningOf(new Reference(@namespace, name, kind, null)).Present;

    /// <summary>Resolves a name.</summary>
    public NameMeaning MeaningOf(Reference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return reference.Selector is null
            ? new NameMeaning([.. Workloads.Where(workload => workload.IsNamed(reference))], [.. GoneWorkloads.Where(workload => workload.IsNamed(reference))])
            : new NameMeaning([ClusterWorkloads.Selected(reference, Workloads)], []);
    }

    /// <summary>The Pods that certainly belong to a workload.</summary>
    public IEnumerable<ClusterPod> PodsOf(DeclaredWorkload workload) => workload.Kind == DeclaredWorkload.Pods
        ? Pods.Where(pod => !IsGone(pod) && workload.Owns(pod))
        : Pods.Where(pod => pod.Namespace == workload.Namespace && pod.Name == ClusterPods.Of(workload).Name);

    /// <summary>Whether the workload of a Pod was deleted.</summary>
    public bool IsGone(ClusterPod pod) => _gonePods.Contains(pod);

    /// <inheritdoc cref="Past.Fingerprint"/>
    internal string FingerprintOf(ClusterPod pod)
    {
        if (!_fingerprints.TryGetValue(pod, out var fingerprint))
        {
            _fingerprints[pod] = fingerprint = Past.Fingerprint(pod, this);
        }

        return fingerprint;
    }

    private static List<TEntity> Live<TEntity>(IClusterObjects cluster)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => [.. cluster.List<TEntity>().Where(entity => entity.Metadata.DeletionTimestamp is null)];

    private static List<Declared<TEntity>> InForceOf<TEntity>(IReadOnlyList<TEntity> declarations, Past past)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        [.. declarations.Select(past.InForce).Select(declared => new Declared<TEntity>(declared.Entity, declared.IsKept))];

    private List<ClusterPod> ReadPods()
    {
        List<ClusterPod> pods = [.. Workloads.Select(ClusterPods.Of)];

        // Pods are deleted with their namespace.
        foreach (var pod in GoneWorkloads.Where(gone => HasNamespace(gone.Namespace) && !Workloads.Any(gone.IsSame)).Select(ClusterPods.Of))
        {
            pods.Add(pod);
            _gonePods.Add(pod);
        }

        return pods;
    }
}
