using k8s.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>The action that brings a NetworkPolicy to its desired state.</summary>
public enum PolicyAction
{
    /// <summary>The policy is already as desired.</summary>
    None,

    Create,

    Update,

    /// <summary>The plan has no such policy, and this installation wrote it.</summary>
    Delete,

    /// <summary>Another owner has a policy of that name.</summary>
    Refuse,
}

/// <summary>Compares a plan with the NetworkPolicies that exist.</summary>
public static class PolicyActions
{
    /// <summary>The action for a desired policy.</summary>
    /// <param name="owner">The installation that desires it.</param>
    /// <param name="existing">The policy of its name; null for none.</param>
    /// <param name="desired">As planned.</param>
    public static PolicyAction For(PolicyOwner owner, V1NetworkPolicy? existing, V1NetworkPolicy desired)
    {
        if (existing is null)
        {
            return PolicyAction.Create;
        }

        if (!owner.MayUpdate(existing))
        {
            return PolicyAction.Refuse;
        }

        return owner.HasOurMark(existing) && PolicyEquality.Matches(existing, desired) ? PolicyAction.None : PolicyAction.Update;
    }
}
