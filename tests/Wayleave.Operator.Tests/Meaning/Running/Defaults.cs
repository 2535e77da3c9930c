using Wayleave.Enforcement;

namespace Wayleave.Operator.Tests.Meaning.Running;

/// <summary>How the operator is started: what holds where no EnforcementPolicy says otherwise.</summary>
internal sealed record Defaults(EnforcementMode Mode, bool Egress)
{
    public override string ToString() => $"mode {Mode}{(Egress ? " with egress" : "")}";
}
