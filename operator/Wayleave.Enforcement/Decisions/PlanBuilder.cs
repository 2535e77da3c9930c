using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Collects a plan.</summary>
internal sealed class PlanBuilder(ServerInputs inputs)
{
    private readonly List<V1NetworkPolicy> _desired = [];
    private readonly List<V1NetworkPolicy> _held = [];
    private readonly List<V1NetworkPolicy> _shadowed = [];
    private readonly List<CallVerdict> _verdicts = new(inputs.Calls.Count);
    private readonly List<ProtectionVerdict> _protections = new(inputs.Protections.Count);

    public void Add(DeclaredCall call, Verdict verdict, string? policyName = null)
    {
        var generation = call.Intents.Metadata.Generation ?? 0;
        _verdicts.Add(new CallVerdict(NamespacedName.Of(call.Intents), generation, call.TargetIndex, verdict, policyName));
    }

    public void Add(ProtectedService protection, Verdict verdict, string? policyName = null)
    {
        var generation = protection.Metadata.Generation ?? 0;
        _protections.Add(new ProtectionVerdict(NamespacedName.Of(protection), generation, verdict, policyName));
    }

    public void Add(PolicyDraft draft)
    {
        var unwritten = draft.IsHeld ? _held : _shadowed;
        (draft.IsWritten ? _desired : unwritten).Add(draft.Build());
    }

    public ServerPlan Build() => new(_desired, _held, _shadowed, _verdicts, _protections);
}
