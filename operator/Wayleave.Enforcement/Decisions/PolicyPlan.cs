using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Decisions;

/// <summary>The desired policies of one server or client. Immutable.</summary>
/// <param name="Desired">
/// The policies that must exist. Other policies of this installation for the subject are deleted, unless they are in Retained.
/// </param>
/// <param name="Retained">
/// Existing policies that are updated but neither created nor deleted. If a name is ambiguous, deleting the policy would open a server
/// because another object of that name was created, and creating one could isolate the wrong server.
/// </param>
/// <param name="ShadowPolicies">The policies that would exist if the namespace were in mode Enforce.</param>
/// <param name="IntentResults">One for each call whose object is not being deleted.</param>
/// <param name="ProtectionResults">One for each protection whose object is not being deleted; none for a Service.</param>
public sealed record PolicyPlan(
    IReadOnlyList<V1NetworkPolicy> Desired,
    IReadOnlyList<V1NetworkPolicy> Retained,
    IReadOnlyList<V1NetworkPolicy> ShadowPolicies,
    IReadOnlyList<IntentResult> IntentResults,
    IReadOnlyList<ProtectionResult> ProtectionResults);

/// <summary>Collects a plan.</summary>
internal sealed class PolicyPlanBuilder
{
    private readonly List<V1NetworkPolicy> _desired = [];
    private readonly List<V1NetworkPolicy> _retained = [];
    private readonly List<V1NetworkPolicy> _shadowPolicies = [];
    private readonly List<IntentResult> _intentResults = [];
    private readonly List<ProtectionResult> _protectionResults = [];

    public void Add(ClientIntents intents, int targetIndex, TargetResult result, string? policyName = null, Workload? client = null)
    {
        var generation = intents.Metadata.Generation ?? 0;
        _intentResults.Add(new IntentResult(NamespacedName.From(intents), generation, targetIndex, result, policyName)
        {
            Client = client?.Subject,
            ClientUsesHostNetwork = client?.AllPodsUseHostNetwork == true,
        });
    }

    public void Add(ProtectedService protection, TargetResult result, string? policyName = null)
    {
        var generation = protection.Metadata.Generation ?? 0;
        _protectionResults.Add(new ProtectionResult(NamespacedName.From(protection), generation, result, policyName));
    }

    public void Add(RuleBuilder rules)
    {
        var unwritten = rules.IsRetained ? _retained : _shadowPolicies;
        (rules.IsDesired ? _desired : unwritten).Add(rules.Build());
    }

    public void Retain(IEnumerable<V1NetworkPolicy> existing) => _retained.AddRange(existing);

    public PolicyPlan Build() => new(_desired, _retained, _shadowPolicies, _intentResults, _protectionResults);
}
