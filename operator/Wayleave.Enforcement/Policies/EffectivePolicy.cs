using Wayleave.Enforcement.Governance;

namespace Wayleave.Enforcement.Policies;

/// <summary>What all declarations about one server add up to, before it is put in the words of any API.</summary>
/// <param name="Callers">Each client once, in order. None: nobody may call.</param>
public sealed record EffectivePolicy(PolicySubject Server, IReadOnlyList<Caller> Callers)
{
    /// <summary>Who may call without having declared it.</summary>
    public IReadOnlyList<AllowedPeer> Always { get; init; } = [];
}
