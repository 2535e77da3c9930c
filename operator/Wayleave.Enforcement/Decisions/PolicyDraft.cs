using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>
/// A policy being put together. It exists as soon as a declaration names its server, so that a server whose only declared client does not
/// exist yet is already closed to everybody else.
/// </summary>
internal sealed class PolicyDraft(ServerSubject subject, EnforcementMode mode)
{
    private readonly CallerSet _callers = new();
    private readonly string _name = PolicyName.For(subject.Kind, subject.Name, PolicyDirection.Ingress);
    private bool _isHeld;

    /// <summary>True when a declaration that is in force names this server and no other.</summary>
    public bool IsWritten { get; private set; }

    /// <summary>True when the only declarations in force that could mean this server could mean another as well.</summary>
    public bool IsHeld => _isHeld && !IsWritten;

    /// <summary>The policy's name; null when it is not written.</summary>
    public string? WrittenName => IsWritten ? _name : null;

    /// <summary>Notes a declaration.</summary>
    /// <param name="isCertain">False when it could mean another server.</param>
    /// <param name="isProtection">True when it is in force in Shadow too.</param>
    public void Claim(bool isCertain, bool isProtection)
    {
        var isInForce = isProtection || mode == EnforcementMode.Enforce;
        IsWritten |= isInForce && isCertain;
        _isHeld |= isInForce && !isCertain;
    }

    public void Allow(Workload client, IReadOnlyList<PolicyPort> ports) => _callers.Allow(client, ports);

    /// <summary>The verdict of a call that nothing stands in the way of.</summary>
    public Verdict Granted(DeclaredCall call)
    {
        if (!IsWritten)
        {
            return Verdict.Shadow;
        }

        return call.Reference.HasHttpPaths ? Verdict.EnforcedWithoutPaths : Verdict.Enforced;
    }

    public V1NetworkPolicy Build() => NetworkPolicyBuilder.Build(new EffectivePolicy(subject, _callers.ToOrderedList()));
}
