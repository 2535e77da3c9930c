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
    public static PolicyPlan Decide(ServerInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var live = Live(inputs);
        if (!live.IsWatched)
        {
            return Undecided(
                live, call => NotWatched($"{call.Target.Field}.name", live.Key), _ => NotWatched("metadata.namespace", live.Key));
        }

        if (live.Rule.Mode.Mode == EnforcementMode.Disabled)
        {
            var disabled = TargetResult.Disabled(live.Rule.Mode.Reason);
            return Undecided(live, _ => disabled, _ => disabled);
        }

        if (!live.NamespaceExists)
        {
            // The Pods of a namespace that is being deleted still run. Their policies are deleted with the namespace.
            return Undecided(
                live, call => NoNamespace($"{call.Target.Field}.name", live.Key), _ => NoNamespace("metadata.namespace", live.Key)) with
            {
                Held = live.Existing,
            };
        }

        if (live.AwaitsExposure)
        {
            return Undecided(live, _ => ExposureUnknown, _ => ExposureUnknown) with { Held = live.Existing };
        }

        return live.Key.Type == SubjectType.Service ? ServiceIngressPlanner.Decide(live) : WorkloadIngressPlanner.Decide(live);
    }

    /// <summary>The subject is the cluster's DNS.</summary>
    internal static TargetResult ClusterDns { get; } =
        TargetResult.Disabled(Reasons.ClusterDns) with { Message = "the cluster's DNS is never isolated, because every Pod depends on it" };

    private static TargetResult ExposureUnknown { get; } = TargetResult.Pending(
        Reasons.ExposureUnknown,
        "Ingresses, routes and webhooks cannot be read yet, so no policy is changed; let the operator list Ingresses, webhook configurations, CRDs,"
            + " APIServices and Nodes (operator.external of the chart), or set spec.allow.external of the EnforcementPolicy to Never");

    /// <summary>A plan without policies.</summary>
    internal static PolicyPlan Undecided(
        ServerInputs inputs,
        Func<IngressIntent, TargetResult> ofCall,
        Func<ProtectedService, TargetResult> ofProtection)
    {
        var plan = new PolicyPlanBuilder();
        foreach (var call in inputs.Calls)
        {
            plan.Add(call.Intents, call.Target.Index, ofCall(call), client: ClientValidator.Known(call));
        }

        foreach (var protection in inputs.Key.Type == SubjectType.Workload ? inputs.Protections : [])
        {
            plan.Add(protection, ofProtection(protection));
        }

        return plan.Build();
    }

    private static ServerInputs Live(ServerInputs inputs) => inputs with
    {
        Calls = inputs.Calls.Where(call => call.Intents.Metadata.DeletionTimestamp is null).ToList(),
        Protections = inputs.Protections.Where(protection => protection.Metadata.DeletionTimestamp is null).ToList(),
        PossibleProtections = inputs.PossibleProtections.Where(protection => protection.Metadata.DeletionTimestamp is null).ToList(),
    };

    /// <summary>The server's namespace is not watched: nothing is known there, and nothing is written.</summary>
    internal static TargetResult NotWatched(string field, PolicyKey server) =>
        TargetResult.Failed(
            Reasons.NamespaceNotWatched,
            $"{field}: namespace {TextSanitizer.Quote(server.Namespace)} is not the one that this operator watches; name a server in that one, or install"
                + " without operator.watchNamespace");

    private static TargetResult NoNamespace(string field, PolicyKey server) =>
        TargetResult.Pending(
            Reasons.NamespaceNotFound,
            $"{field}: there is no namespace {TextSanitizer.Quote(server.Namespace)}, or it is being deleted; create it, or correct the name");
}
