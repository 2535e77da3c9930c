using Wayleave.Api;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>What a policy says of itself.</summary>
public static class PolicyOwnership
{
    /// <summary>
    /// Whom a policy is about: by its annotation, or by its name where somebody made nonsense of that. Null where neither makes sense, and
    /// for another namespace than its own.
    /// </summary>
    public static SubjectKey? SubjectOf(V1NetworkPolicy policy)
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

    /// <summary>True for what our field manager wrote: policies are created with POST, which is an Update, and changed with Apply.</summary>
    public static bool IsOurs(V1ManagedFieldsEntry entry) => entry is { Manager: WayleaveLabels.FieldManager };

    /// <summary>True when an operator of ours wrote it, whichever installation it belongs to and whatever its labels are now.</summary>
    public static bool WasApplied(V1NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.Metadata.ManagedFields?.Exists(IsOurs) == true;
    }

    private static string? Value(Dictionary<string, string>? map, string key) => map?.GetValueOrDefault(key);
}
