using Wayleave.Api;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Collects a plan.</summary>
internal sealed class PlanBuilder
{
    private readonly List<V1NetworkPolicy> _desired = [];
    private readonly List<V1NetworkPolicy> _held = [];
    private readonly List<V1NetworkPolicy> _shadowed = [];
    private readonly List<CallVerdict> _verdicts = [];
    private readonly List<ProtectionVerdict> _protections = [];

    public void Add(ClientIntents intents, int targetIndex, Verdict verdict, string? policyName = null, Workload? client = null)
    {
        var generation = intents.Metadata.Generation ?? 0;
        _verdicts.Add(new CallVerdict(NamespacedName.Of(intents), generation, targetIndex, verdict, policyName)
        {
            Client = client?.Subject,
            IsClientOnHosts = client?.HostNetwork == true,
        });
    }

    public void Add(ProtectedService protection, Verdict verdict, string? policyName = null)
    {
        var generation = protection.Metadata.Generation ?? 0;
        _protections.Add(new ProtectionVerdict(NamespacedName.Of(protection), generation, verdict, policyName));
    }

    public void Add(DraftClaims claims, V1NetworkPolicy policy)
    {
        var unwritten = claims.IsHeld ? _held : _shadowed;
        (claims.IsWritten ? _desired : unwritten).Add(policy);
    }

    public PolicyPlan Build() => new(_desired, _held, _shadowed, _verdicts, _protections);
}
