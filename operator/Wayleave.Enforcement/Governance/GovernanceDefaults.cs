namespace Wayleave.Enforcement.Governance;

/// <summary>What holds where no EnforcementPolicy says otherwise.</summary>
/// <param name="Mode">The operator's own mode.</param>
/// <param name="OperatorNamespace">Where the operator runs.</param>
/// <param name="Egress">Whether clients are restricted to what they declare.</param>
public sealed record GovernanceDefaults(EnforcementMode Mode, string OperatorNamespace, bool Egress = false);
