using Wayleave.Api;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>Which policies are ours to change.</summary>
public static class PolicyOwnership
{
    /// <summary>
    /// True when the policy has our label and was applied by our field manager. A label alone can be copied with the rest of
    /// somebody's manifest; what the API server recorded cannot.
    /// </summary>
    public static bool IsOurs(V1NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Value(policy.Metadata.Labels, WayleaveLabels.ManagedBy) == WayleaveLabels.ManagedByValue && WasAppliedByUs(policy);
    }

    /// <summary>
    /// True when our field manager applied it, whatever its labels say now. That is enough to put an edited policy right under its own
    /// name, and not enough to delete it.
    /// </summary>
    public static bool WasAppliedByUs(V1NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.Metadata.ManagedFields?.Exists(IsOurs) == true;
    }

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

    /// <summary>True for what our field manager applied.</summary>
    public static bool IsOurs(V1ManagedFieldsEntry entry) => entry is { Manager: WayleaveLabels.FieldManager, Operation: "Apply" };

    private static string? Value(Dictionary<string, string>? map, string key) => map?.GetValueOrDefault(key);
}
