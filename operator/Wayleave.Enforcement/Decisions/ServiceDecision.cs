using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Text;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Decides about a server that is a Service: its policy is about the pods it selects and the ports it leads to.</summary>
internal static class ServiceDecision
{
    public static PolicyPlan Decide(ServerInputs inputs)
    {
        if (Unusable(inputs.Key, inputs.Service, "") is not null)
        {
            return ServerDecision.Undecided(inputs, call => Unusable(inputs.Key, inputs.Service, call.Field)!, _ => Verdict.Progressing);
        }

        var spec = inputs.Service!.Spec;
        return spec?.Selector is { Count: > 0 } selector
            ? Decide(inputs, new V1LabelSelector { MatchLabels = selector }, new ServicePorts(spec.Ports))
            : ServerDecision.Undecided(inputs, WithoutSelector, _ => Verdict.Progressing);
    }

    /// <summary>Why nothing can be decided about a Service; null when something can.</summary>
    public static Verdict? Unusable(SubjectKey key, V1Service? service, string field) => service switch
    {
        null => Verdict.Pending(Reasons.ServiceNotFound, $"{field}.name: there is no Service {Place(key)} (create it, or correct the name)"),
        { Spec.Type: "ExternalName" } => Verdict.NotSupported(
            Reasons.ExternalNameService, $"{field}.name: {Place(key)} is an alias of a name elsewhere (declare an internet target)"),
        _ => null,
    };

    /// <summary>That the Service lacks a port; null when it does not.</summary>
    public static Verdict? PortProblem(int? missing, SubjectKey server, string field) => missing is null
        ? null
        : Verdict.Pending(Reasons.ServicePortNotFound, $"{field}.ports: {Place(server)} has no port {missing} (correct it)");

    public static string Place(SubjectKey key) => $"{QuotedText.Quote(key.Name)} in namespace {QuotedText.Quote(key.Namespace)}";

    private static PolicyPlan Decide(ServerInputs inputs, V1LabelSelector selector, ServicePorts ports)
    {
        var plan = new PlanBuilder();
        var subject = new PolicySubject(PolicySubject.Service, inputs.Key.Namespace, inputs.Key.Name, selector);
        var draft = new IngressDraft(subject, inputs);
        draft.Claims.Claim(isCertain: true, isProtection: inputs.Protections.Count > 0);
        if (inputs.PossibleProtections.Count > 0)
        {
            draft.Claims.Claim(isCertain: false, isProtection: true);
        }

        foreach (var call in inputs.Calls)
        {
            plan.Add(call.Intents, call.TargetIndex, Allow(call, draft, ports), draft.Claims.WrittenName);
        }

        if (inputs.Calls.Count > 0)
        {
            plan.Add(draft.Claims, draft.Build());
        }

        return plan.Build();
    }

    private static Verdict Allow(DeclaredCall call, IngressDraft draft, ServicePorts ports)
    {
        if (ClientChecks.Blocks(call, out var client) is { } blocked)
        {
            return blocked;
        }

        var wanted = call.Reference.Ports;
        var found = ports.Find(wanted, out var missing);
        if (wanted.Count == 0 || found.Count > 0)
        {
            draft.Allow(client!, found);
        }

        return PortProblem(missing, call.Reference.Server, call.Field) ?? OverlapText.On(draft.Granted(call), client);
    }

    // There are no pods to make a policy for; the client's side may still restrict who reaches the addresses behind it.
    private static Verdict WithoutSelector(DeclaredCall call) => Verdict.NotSupported(
        Reasons.ServiceWithoutSelector, $"{call.Field}.name: {Place(call.Reference.Server)} selects no pods (declare what is behind it)");
}
