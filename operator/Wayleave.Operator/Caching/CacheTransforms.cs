using CommunityToolkit.HighPerformance.Buffers;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Observed;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Caching;

/// <summary>Informer transforms that remove unused fields to save memory.</summary>
internal static class CacheTransforms
{
    /// <summary>Keeps identity, version and owners.</summary>
    public static void TrimMetadata(IKubernetesObject<V1ObjectMeta> entity)
    {
        entity.ApiVersion = null;
        entity.Kind = null;
        entity.Metadata.Annotations = null;
        entity.Metadata.ManagedFields = null;
        entity.Metadata.Finalizers = null;
    }

    /// <summary>Keeps identity, version, owners and the given annotations.</summary>
    public static void TrimExceptAnnotations(IKubernetesObject<V1ObjectMeta> entity, params ReadOnlySpan<string> annotations)
    {
        var all = entity.Metadata.Annotations;
        TrimWorkload(entity);
        foreach (var annotation in annotations)
        {
            if (all.Find(annotation) is { } value)
            {
                (entity.Metadata.Annotations ??= new Dictionary<string, string>(StringComparer.Ordinal))[annotation] = value;
            }
        }
    }

    /// <summary>Keeps identity and spec; removes labels.</summary>
    public static void TrimWorkload(IKubernetesObject<V1ObjectMeta> entity)
    {
        TrimMetadata(entity);
        entity.Metadata.Labels = null;
    }

    /// <summary>Keeps the network of a Pod and the ports of its containers. Null if there is nothing to keep.</summary>
    public static PartialPodSpec? TrimPodSpec(PartialPodSpec? spec)
    {
        var containers = WithPorts(spec?.Containers);
        var initContainers = WithPorts(spec?.InitContainers);
        return spec?.HostNetwork == true || containers is not null || initContainers is not null
            ? new PartialPodSpec { HostNetwork = spec!.HostNetwork, Containers = containers, InitContainers = initContainers }
            : null;

        static List<PartialContainer>? WithPorts(List<PartialContainer>? containers)
        {
            var kept = containers?.FindAll(container => container?.Ports is { Count: > 0 });
            return kept is { Count: > 0 } ? kept : null;
        }
    }

    /// <summary>Keeps the labels of a Pod template, and what <see cref="TrimPodSpec"/> keeps.</summary>
    public static void TrimPodTemplate(PartialPodTemplateSpec? template)
    {
        if (template is not null)
        {
            template.Spec = TrimPodSpec(template.Spec);
            template.Metadata = template.Metadata is null ? null : new V1ObjectMeta { Labels = template.Metadata.Labels };
        }
    }

    /// <summary>Removes labels and annotations of a declaration. Field managers stay, because telemetry counts the kind of tool.</summary>
    public static void TrimDeclaration(IKubernetesObject<V1ObjectMeta> entity)
    {
        entity.ApiVersion = null;
        entity.Kind = null;
        entity.Metadata.Annotations = null;
        entity.Metadata.Labels = null;
    }

    /// <summary>Trims a declaration like <see cref="TrimDeclaration"/>, and parses it.</summary>
    public static void TrimAndParse(ClientIntents intents)
    {
        TrimDeclaration(intents);
        DeclarationParser.ParseOnce(intents);
    }

    /// <inheritdoc cref="TrimAndParse(ClientIntents)"/>
    public static void TrimAndParse(ProtectedService protection)
    {
        TrimDeclaration(protection);
        DeclarationParser.ParseOnce(protection);
    }

    /// <summary>
    /// Keeps the targets and outcomes of calls that have to be declared or answered, and the DNS answers of all calls. Removes times and
    /// counts, which change all the time and decide nothing.
    /// </summary>
    public static void TrimObserved(ObservedIntents observed, StringInterner strings)
    {
        TrimWorkload(observed);
        observed.Metadata.NamespaceProperty = strings.Intern(observed.Metadata.NamespaceProperty);
        observed.Calls = observed.Calls.Where(call => call is { Target: not null } && (ParsedCall.Counts(call) || HasAnswers(call)))
            .Select(call => new ObservedCall
            {
                Target = call.Target,
                Service = strings.Intern(call.Service),
                Class = strings.Intern(call.Class),
                Outcome = strings.Intern(call.Outcome)!,
                Addresses = call.Addresses,
            }).ToList();
    }

    private static bool HasAnswers(ObservedCall call) => call is { Addresses.Count: > 0, Target.Internet.Domains.Count: > 0 };

    /// <summary>Removes the annotations of a Cluster that the operator does not use.</summary>
    public static void TrimCluster(Cluster cluster)
    {
        cluster.ApiVersion = null;
        cluster.Kind = null;
        cluster.Metadata.ManagedFields = null;
        var orphan = cluster.Metadata.Annotations.Find(WayleaveLabels.Orphan);
        cluster.Metadata.Annotations = orphan is null
            ? null
            : new Dictionary<string, string>(StringComparer.Ordinal) { [WayleaveLabels.Orphan] = orphan };
    }

    /// <summary>
    /// Whether no known Kubernetes controller owns the object. Objects of other controllers and Pods of ReplicationControllers are kept,
    /// because their templates are not cached.
    /// </summary>
    public static bool HasNoKnownController(IKubernetesObject<V1ObjectMeta> entity) =>
        entity.Metadata.OwnerReferences?.Any(owner =>
            owner is { Controller: true, ApiVersion: "apps/v1" or "batch/v1" or "v1", Kind: not "ReplicationController" }) != true;

    /// <summary>Keeps only the metadata of a policy that another owner manages.</summary>
    public static void TrimPolicy(V1NetworkPolicy policy, PolicyOwner owner)
    {
        policy.ApiVersion = null;
        policy.Kind = null;
        if (!owner.MayUpdate(policy))
        {
            policy.Spec = null;
            policy.Metadata.Labels = Only(policy.Metadata.Labels, WayleaveLabels.Direction);
            policy.Metadata.Annotations = Only(policy.Metadata.Annotations, WayleaveLabels.Installation, WayleaveLabels.Workload);
        }

        policy.Metadata.ManagedFields = policy.Metadata.ManagedFields is { } entries
            ? [.. entries.Where(PolicyMetadataReader.IsOurs)]
            : null;
    }

    private static Dictionary<string, string>? Only(IDictionary<string, string>? map, params ReadOnlySpan<string> keys)
    {
        Dictionary<string, string>? kept = null;
        foreach (var key in keys)
        {
            if (map.Find(key) is { } value)
            {
                (kept ??= new(StringComparer.Ordinal))[key] = value;
            }
        }

        return kept;
    }
}

/// <summary>
/// Keeps one copy of strings that many objects share, such as namespaces, label keys and field managers. It remembers the few thousand that
/// were used last, so its size is bounded. Thread-safe.
/// </summary>
internal sealed class StringInterner
{
    private readonly StringPool _pool = new(4096);

    /// <summary>An equal string, shared with earlier callers if it is still remembered.</summary>
    public string? Intern(string? text) => text is null ? null : _pool.GetOrAdd(text);

    /// <summary>Equal labels with interned keys and values.</summary>
    public IDictionary<string, string>? Intern(IDictionary<string, string>? labels)
    {
        if (labels is null or { Count: 0 })
        {
            return labels;
        }

        var shared = new Dictionary<string, string>(labels.Count, StringComparer.Ordinal);
        foreach (var (key, value) in labels)
        {
            shared[Intern(key)!] = Intern(value)!;
        }

        return shared;
    }

    /// <summary>Interns the strings in metadata that objects of one kind share.</summary>
    public void Intern(V1ObjectMeta meta)
    {
        meta.NamespaceProperty = Intern(meta.NamespaceProperty);
        meta.Labels = Intern(meta.Labels);
        foreach (var entry in meta.ManagedFields ?? [])
        {
            (entry.Manager, entry.Operation, entry.Subresource) =
                (Intern(entry.Manager), Intern(entry.Operation), Intern(entry.Subresource));
        }
    }
}
