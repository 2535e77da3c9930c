using Wayleave.Api;
using Wayleave.Enforcement;

namespace Wayleave.Testing.Meaning;

/// <summary>What holds in a namespace: as its EnforcementPolicy says, or as the operator was started.</summary>
/// <param name="Egress">Whether its clients may reach only what they declare.</param>
/// <param name="Dns">Whether they may reach port 53 all the same.</param>
/// <param name="From">Who may call its servers without declaring it.</param>
public sealed record Rule(EnforcementMode Mode, bool Egress, bool Dns, IReadOnlyList<AllowedCaller> From);
