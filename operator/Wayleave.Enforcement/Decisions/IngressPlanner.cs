using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Decisions;

/// <summary>
/// Plans the ingress policies of one server. The plan does not depend on the order of the inputs. The cost is linear in the number of
/// intents, plus one sort of the clients.
/// </summary>
public static class IngressPlanner
{
    /// <summary>
    /// A declared server gets a policy even while none of its clients can be allowed yet. Objects that are being deleted are ignored.
    /// </summary>
    public static PolicyPlan Plan(ServerInputs inputs)
    {
        var live = Live(inputs);
        if (!live.IsWatched)
        {
            return PlanWithoutPolicies(
                live, call => CreateNotWatchedResult($"{call.Target.Field}.name", live.Key), _ => CreateNotWatchedResult("metadata.namespace", live.Key));
        }

        if (live.Settings.Mode == EnforcementMode.Disabled)
        {
            var disabled = TargetResult.Disabled(live.Settings.ModeReason);
            return PlanWithoutPolicies(live, _ => disabled, _ => disabled);
        }

        if (!live.NamespaceExists)
        {
            // The Pods of a namespace that is being deleted still run. Their policies are deleted with the namespace.
            return PlanWithoutPolicies(
                live,
                call => NoNamespace($"{call.Target.Field}.name", live.Key),
                _ => NoNamespace("metadata.namespace", live.Key),
                retained: live.ExistingPolicies);
        }

        if (live.MustWaitForExposure)
        {
            return PlanWithoutPolicies(live, _ => ExposureUnknown, _ => ExposureUnknown, retained: live.ExistingPolicies);
        }

        return live.Key.Type == SubjectType.Service ? ServiceIngressPlanner.Plan(live) : WorkloadIngressPlanner.Plan(live);
    }

    /// <summary>The subject is the cluster's DNS.</summary>
    internal static TargetResult ClusterDns { get; } =
        TargetResult.Disabled(Reasons.ClusterDns) with { Message = "the cluster's DNS is never isolated, because every Pod depends on it" };

    private static TargetResult ExposureUnknown { get; } = TargetResult.Pending(
        Reasons.ExposureUnknown,
        "Ingresses, routes and webhooks cannot be read yet, so no policy is changed; let the operator list Ingresses, webhook configurations, CRDs,"
            + " APIServices and Nodes (operator.external of the chart), or set spec.allow.external of the EnforcementPolicy to Never");

    /// <summary>A plan that desires no policies.</summary>
    internal static PolicyPlan PlanWithoutPolicies(
        ServerInputs inputs,
        Func<IngressIntent, TargetResult> ofCall,
        Func<ProtectedService, TargetResult> ofProtection,
        IEnumerable<V1NetworkPolicy>? retained = null)
    {
        var plan = new PolicyPlanBuilder();
        plan.Retain(retained ?? []);
        foreach (var call in inputs.Intents)
        {
            plan.Add(call.Intents, call.Target.Index, ofCall(call), client: call.KnownClient);
        }

        foreach (var protection in inputs.Key.Type == SubjectType.Workload ? inputs.Protections : [])
        {
            plan.Add(protection, ofProtection(protection));
        }

        return plan.Build();
    }

    private static ServerInputs Live(ServerInputs inputs) => inputs with
    {
        Intents = inputs.Intents.Where(call => call.Intents.Metadata.DeletionTimestamp is null).ToList(),
        Protections = inputs.Protections.Where(protection => protection.Metadata.DeletionTimestamp is null).ToList(),
        PossibleProtections = inputs.PossibleProtections.Where(protection => protection.Metadata.DeletionTimestamp is null).ToList(),
    };

    /// <summary>The server's namespace is not watched: nothing is known there, and nothing is written.</summary>
    internal static TargetResult CreateNotWatchedResult(string field, PolicyKey server) =>
        TargetResult.Failed(
            Reasons.NamespaceNotWatched,
            $"{field}: this operator does not watch namespace {TextSanitizer.Quote(server.Namespace)}; name a server in the namespace"
                + " that it watches, or install without operator.watchNamespace");

    private static TargetResult NoNamespace(string field, PolicyKey server) =>
        TargetResult.Pending(
            Reasons.NamespaceNotFound,
            $"{field}: there is no namespace {TextSanitizer.Quote(server.Namespace)}, or it is being deleted; create it, or correct the name");
}
