using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>What is in a cluster at one moment, as users would tell it. Reads no policy's content and nothing that the operator knows.</summary>
public sealed class ClusterView
{
    private readonly Dictionary<string, V1Namespace> _namespaces;
    private readonly Governance _governance;

    /// <param name="cluster">Is read once.</param>
    /// <param name="defaults">How the operator was started.</param>
    public ClusterView(IClusterObjects cluster, Defaults defaults)
    {
        _namespaces = cluster.List<V1Namespace>().ToDictionary(@namespace => @namespace.Metadata.Name!, StringComparer.Ordinal);
        _governance = new Governance(cluster.List<EnforcementPolicy>(), _namespaces, defaults);
        Workloads = ClusterWorkloads.Read(cluster);
        Pods = ClusterPods.Read(cluster, Workloads);
        Services = cluster.List<V1Service>();
        Intents = [.. cluster.List<ClientIntents>().Where(intents => intents.Metadata.DeletionTimestamp is null)];
        Protections = [.. cluster.List<ProtectedService>().Where(protection => protection.Metadata.DeletionTimestamp is null)];
        var policies = cluster.List<V1NetworkPolicy>();
        Policies = [.. policies.Where(IsOurs)];
        TakenNames = policies.Where(policy => !IsOurs(policy)).Select(policy => (policy.Metadata.NamespaceProperty!, policy.Metadata.Name!)).ToHashSet();
    }

    public IReadOnlyList<DeclaredWorkload> Workloads { get; }

    public IReadOnlyList<ClusterPod> Pods { get; }

    public IReadOnlyList<V1Service> Services { get; }

    /// <summary>Those that are not being deleted: the others declare nothing any more.</summary>
    public IReadOnlyList<ClientIntents> Intents { get; }

    /// <inheritdoc cref="Intents"/>
    public IReadOnlyList<ProtectedService> Protections { get; }

    /// <inheritdoc cref="Intents"/>
    public IEnumerable<EnforcementPolicy> Enforcements => _governance.Policies.Where(policy => policy.Metadata.DeletionTimestamp is null);

    /// <summary>The policies that the operator wrote.</summary>
    public IReadOnlyList<V1NetworkPolicy> Policies { get; }

    /// <summary>The names of policies that are somebody else's.</summary>
    public IReadOnlySet<(string Namespace, string Name)> TakenNames { get; }

    /// <summary>What network policy sees of the namespaces.</summary>
    public IEnumerable<ClusterNamespace> Namespaces =>
        _namespaces.Values.Select(@namespace => new ClusterNamespace(@namespace.Metadata.Name!, @namespace.Metadata.Labels ?? []));

    public static bool IsOurs(V1NetworkPolicy policy) =>
        policy.Metadata.ManagedFields?.Exists(entry => entry is { Manager: "wayleave" }) == true;

    /// <inheritdoc cref="Governance.RuleOf"/>
    public Rule RuleOf(string @namespace) => _governance.RuleOf(@namespace);

    public IReadOnlyDictionary<string, string> LabelsOf(string @namespace) => _namespaces[@namespace].Metadata.Labels ?? [];

    /// <summary>Whether a rule can tell a namespace by its name: only by the label, which old API servers do not set.</summary>
    public bool CanBeTold(string @namespace) =>
        _namespaces.TryGetValue(@namespace, out var found) && found.Metadata.Labels?.GetValueOrDefault("kubernetes.io/metadata.name") == @namespace;

    /// <summary>The workloads that a name means.</summary>
    public IReadOnlyList<DeclaredWorkload> Named(string @namespace, string name, string? kind) =>
        [.. Workloads.Where(workload => workload.IsNamed(@namespace, name, kind))];
}
