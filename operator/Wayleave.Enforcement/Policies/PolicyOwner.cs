using Wayleave.Api;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>Which policies of a cluster are this installation's to change.</summary>
/// <param name="Installation">
/// What marks policies that an operator of another cluster writes; null for those that an operator writes in its own.
/// </param>
public sealed record PolicyOwner(string? Installation)
{
    /// <summary>Of an operator in its own cluster.</summary>
    public static PolicyOwner Local { get; } = new(Installation: null);

    /// <summary>
    /// True when the policy has our label and was applied by our field manager. A label alone can be copied with the rest of
    /// somebody's manifest; what the API server recorded cannot.
    /// </summary>
    public bool IsOurs(V1NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.Metadata.Labels?.GetValueOrDefault(WayleaveLabels.ManagedBy) == WayleaveLabels.ManagedByValue && WasAppliedByUs(policy);
    }

    /// <summary>
    /// True when this installation applied it, whatever its labels say now. That is enough to put an edited policy right under its own
    /// name, and not enough to delete it.
    /// </summary>
    public bool WasAppliedByUs(V1NetworkPolicy policy) =>
        PolicyOwnership.WasApplied(policy) && policy.Metadata.Annotations?.GetValueOrDefault(WayleaveLabels.Installation) == Installation;

    /// <summary>True when another installation applied it.</summary>
    public bool IsAnothers(V1NetworkPolicy policy) => PolicyOwnership.WasApplied(policy) && !WasAppliedByUs(policy);

    /// <summary>Marks a policy that was just built.</summary>
    public void Mark(V1NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (Installation is not null)
        {
            policy.Metadata.Annotations![WayleaveLabels.Installation] = Installation;
        }
    }
}
