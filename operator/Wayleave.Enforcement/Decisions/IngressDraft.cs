using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>
/// A policy about who may call, being put together. It exists as soon as a declaration names its server, so that a server whose only
/// declared client does not exist yet is already closed to everybody else.
/// </summary>
internal sealed class IngressDraft(PolicySubject subject, ServerInputs inputs)
{
    private readonly CallerSet _callers = new();
    private readonly IReadOnlyList<AllowedPeer> _always = inputs.AllowedFrom;

    public DraftClaims Claims { get; } = new(inputs.Mode.Mode, PolicyName.For(subject.Kind, subject.Name, PolicyDirection.Ingress));

    public void Allow(Workload client, IReadOnlyList<PolicyPort> ports) => _callers.Allow(client, ports);

    /// <summary>The verdict of a call that nothing stands in the way of.</summary>
    public Verdict Granted(DeclaredCall call)
    {
        if (!Claims.IsWritten)
        {
            return Verdict.Shadow;
        }

        return call.Reference.HasHttpPaths ? Verdict.EnforcedWithoutPaths : Verdict.Enforced;
    }

    public V1NetworkPolicy Build() => NetworkPolicyBuilder.Build(new EffectivePolicy(subject, _callers.ToOrderedList()) { Always = _always });
}
