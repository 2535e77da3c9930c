using Wayleave.Enforcement;

namespace Wayleave.Testing.Meaning;

/// <summary>How the operator is started: what holds where no EnforcementPolicy says otherwise.</summary>
public sealed record Defaults(EnforcementMode Mode, bool Egress)
{
    /// <summary>Where the operator lives, which no rule holds for.</summary>
    public string OperatorNamespace { get; init; } = "wayleave-system";

    public override string ToString() => $"mode {Mode}{(Egress ? " with egress" : "")}";
}
