using Wayleave.Api;

namespace Wayleave.Enforcement;

/// <summary>The mode of a namespace and its reason.</summary>
public readonly record struct NamespaceMode(EnforcementMode Mode, string Reason)
{
    /// <summary>A mode that someone chose.</summary>
    public static NamespaceMode From(EnforcementMode mode) => mode switch
    {
        EnforcementMode.Enforce => new NamespaceMode(mode, Reasons.Enforced),
        EnforcementMode.Shadow => new NamespaceMode(mode, Reasons.Shadow),
        _ => new NamespaceMode(mode, Reasons.Disabled),
    };
}
