using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Collects a plan.</summary>
internal sealed class PlanBuilder
{
    private readonly List<V1NetworkPolicy> _desired = [];
    private readonly List<V1NetworkPolicy> _held = [];
    private readonly List<V1NetworkPolicy> _shadowed = [];
    private readonly List<CallResult> _results = [];
    private readonly List<ProtectionResult> _protections = [];

    public void Add(ClientIntents intents, int targetIndex, TargetResult result, string? policyName = null, Workload? client = null)
    {
        var generation = intents.Metadata.Generation ?? 0;
        _results.Add(new CallResult(NamespacedName.Of(intents), generation, targetIndex, result, policyName)
        {
            Client = client?.Subject,
            IsClientOnHosts = client?.HostNetwork == true,
        });
    }

    public void Add(ProtectedService protection, TargetResult result, string? policyName = null)
    {
        var generation = protection.Metadata.Generation ?? 0;
        _protections.Add(new ProtectionResult(NamespacedName.Of(protection), generation, result, policyName));
    }

    public void Add(PolicyClaims claims, V1NetworkPolicy policy)
    {
        var unwritten = claims.IsHeld ? _held : _shadowed;
        (claims.IsWritten ? _desired : unwritten).Add(policy);
    }

    public PolicyPlan Build() => new(_desired, _held, _shadowed, _results, _protections);
}
