using k8s.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>What is to be true of one server, or of one client.</summary>
/// <param name="Desired">The policies that must exist. Any other policy of ours about this subject must not, unless it is held.</param>
/// <param name="Held">
/// The policies that are brought up to date where they exist, and neither made nor deleted. A name became ambiguous: to delete the
/// policy would open a server because another object of its name was created, and to create one could isolate a server that was not meant.
/// </param>
/// <param name="Shadowed">The policies that would exist if the namespace were in mode Enforce.</param>
/// <param name="Results">One for each call whose object is not being deleted.</param>
/// <param name="Protections">One for each protection whose object is not being deleted; none for a Service.</param>
public sealed record PolicyPlan(
    IReadOnlyList<V1NetworkPolicy> Desired,
    IReadOnlyList<V1NetworkPolicy> Held,
    IReadOnlyList<V1NetworkPolicy> Shadowed,
    IReadOnlyList<CallResult> Results,
    IReadOnlyList<ProtectionResult> Protections);
