using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Policies;

/// <summary>What a policy says of itself.</summary>
public static class PolicyOwnership
{
    /// <summary>
    /// Whom a policy is about: by its annotation, or by its name where the annotation was edited. Null where neither makes sense, and
    /// for another namespace than its own.
    /// </summary>
    public static PolicyKey? SubjectOf(V1NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        PolicyDirection? direction = Value(policy.Metadata.Labels, WayleaveLabels.Direction) switch
        {
            WayleaveLabels.Ingress => PolicyDirection.Ingress,
            WayleaveLabels.Egress => PolicyDirection.Egress,
            _ => null,
        };
        var subject = direction is { } known ? SubjectAnnotation.Parse(Value(policy.Metadata.Annotations, WayleaveLabels.Workload), known) : null;
        subject ??= PolicyName.SubjectOf(policy.Metadata.Name, policy.Metadata.NamespaceProperty);
        return subject?.Namespace == policy.Metadata.NamespaceProperty ? subject : null;
    }

    /// <summary>Whose Pods a policy of ours is about, with the selector that is in force; null when its annotation makes no sense.</summary>
    public static PolicySubject? PodsOf(V1NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var text = Value(policy.Metadata.Annotations, WayleaveLabels.Workload);
        var direction = Value(policy.Metadata.Labels, WayleaveLabels.Direction) == WayleaveLabels.Egress ? PolicyDirection.Egress : PolicyDirection.Ingress;
        if (policy.Spec?.PodSelector is not { } selector || SubjectAnnotation.Parse(text, direction) is not { } key)
        {
            return null;
        }

        var (kind, name) = SubjectAnnotation.Parts(text!);
        return new PolicySubject(kind, key.Namespace, name, selector);
    }

    /// <summary>True for what our field manager wrote: policies are created with POST, which is an Update, and changed with Apply.</summary>
    public static bool IsOurs(V1ManagedFieldsEntry entry) => entry is { Manager: WayleaveLabels.FieldManager };

    /// <summary>True when an operator of ours wrote it, whichever installation it belongs to and whatever its labels are now.</summary>
    public static bool WasApplied(V1NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.Metadata.ManagedFields?.Any(IsOurs) == true;
    }

    private static string? Value(IDictionary<string, string>? map, string key) => map.Find(key);
}
