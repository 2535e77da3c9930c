using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Caching;

/// <summary>What is left out of the caches because nothing reads it. A cache of thousands is as large as what it keeps.</summary>
internal static class Trimming
{
    /// <summary>Keeps identity, version and owners.</summary>
    public static void Metadata(IKubernetesObject<V1ObjectMeta> entity)
    {
        entity.ApiVersion = null;
        entity.Kind = null;
        entity.Metadata.Annotations = null;
        entity.Metadata.ManagedFields = null;
        entity.Metadata.Finalizers = null;
    }

    /// <summary>Of a workload, its selector is enough.</summary>
    public static void Workload(IKubernetesObject<V1ObjectMeta> entity)
    {
        Metadata(entity);
        entity.Metadata.Labels = null;
    }

    /// <summary>Of a pod template, its labels.</summary>
    public static void Template(V1PodTemplateSpec? template)
    {
        if (template is not null)
        {
            template.Spec = null;
            template.Metadata = template.Metadata is null ? null : new V1ObjectMeta { Labels = template.Metadata.Labels };
        }
    }

    /// <summary>Of a declaration, everything but annotations; the field managers tell what kind of tool wrote it.</summary>
    public static void Declaration(IKubernetesObject<V1ObjectMeta> entity)
    {
        entity.ApiVersion = null;
        entity.Kind = null;
        entity.Metadata.Annotations = null;
        entity.Metadata.Labels = null;
    }

    /// <summary>Of a Cluster, everything but the annotations that mean nothing here.</summary>
    public static void Cluster(Cluster cluster)
    {
        cluster.ApiVersion = null;
        cluster.Kind = null;
        cluster.Metadata.ManagedFields = null;
        var orphan = cluster.Metadata.Annotations?.GetValueOrDefault(WayleaveLabels.Orphan);
        cluster.Metadata.Annotations = orphan is null ? null : new(StringComparer.Ordinal) { [WayleaveLabels.Orphan] = orphan };
    }

    /// <summary>Whether the object is a workload of its own rather than one that a controller made.</summary>
    public static bool IsStandalone(IKubernetesObject<V1ObjectMeta> entity) =>
        entity.Metadata.OwnerReferences?.Exists(owner => owner.Controller == true) != true;

    /// <summary>Of a policy that is not ours, only its name, its owner and its subject matter.</summary>
    public static void Policy(V1NetworkPolicy policy, PolicyOwner owner)
    {
        policy.ApiVersion = null;
        policy.Kind = null;
        if (!owner.IsOurs(policy))
        {
            policy.Spec = null;
            policy.Metadata.Labels = Only(policy.Metadata.Labels, WayleaveLabels.Direction);
            policy.Metadata.Annotations = Only(policy.Metadata.Annotations, WayleaveLabels.Installation, WayleaveLabels.Workload);
        }

        policy.Metadata.ManagedFields?.RemoveAll(entry => !PolicyOwnership.IsOurs(entry));
    }

    private static Dictionary<string, string>? Only(Dictionary<string, string>? map, params ReadOnlySpan<string> keys)
    {
        Dictionary<string, string>? kept = null;
        foreach (var key in keys)
        {
            if (map?.GetValueOrDefault(key) is { } value)
            {
                (kept ??= new(StringComparer.Ordinal))[key] = value;
            }
        }

        return kept;
    }
}
