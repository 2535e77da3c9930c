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
