using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Text;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Decides about a server that is a Service: its policy is about the pods it selects and the ports it leads to.</summary>
internal static class ServiceDecision
{
    public static ServerPlan Decide(ServerInputs inputs)
    {
        if (inputs.Service is not { } service)
        {
            return Undecided(inputs, field => Verdict.Pending(
                Reasons.ServiceNotFound,
                $"{field}: there is no Service {Place(inputs.Key)} (create it, or correct the name)"));
        }

        if (service.Spec?.Type == "ExternalName")
        {
            return Undecided(inputs, field => Verdict.NotSupported(
                Reasons.ExternalNameService,
                $"{field}: {Place(inputs.Key)} is an alias of a name elsewhere (declare an internet target)"));
        }

        if (service.Spec?.Selector is not { Count: > 0 } selector)
        {
            return Undecided(inputs, field => Verdict.NotSupported(
                Reasons.ServiceWithoutSelector,
                $"{field}: {Place(inputs.Key)} selects no pods (declare what is behind it)"));
        }

        return Decide(inputs, new V1LabelSelector { MatchLabels = selector }, new ServicePorts(service.Spec.Ports));
    }

    private static ServerPlan Decide(ServerInputs inputs, V1LabelSelector selector, ServicePorts ports)
    {
        var plan = new PlanBuilder(inputs);
        var subject = new ServerSubject(ServerSubject.Service, inputs.Key.Namespace, inputs.Key.Name, selector);
        var draft = new PolicyDraft(subject, inputs.Mode.Mode);
        draft.Claim(isCertain: true, isProtection: inputs.Protections.Count > 0);
        foreach (var call in inputs.Calls)
        {
            plan.Add(call, Allow(call, draft, ports), draft.WrittenName);
        }

        if (inputs.Calls.Count > 0)
        {
            plan.Add(draft);
        }

        return plan.Build();
    }

    private static Verdict Allow(DeclaredCall call, PolicyDraft draft, ServicePorts ports)
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

        return missing is null
            ? draft.Granted(call)
            : Verdict.Pending(
                Reasons.ServicePortNotFound,
                $"{call.Field}.ports: {Place(call.Reference.Server)} has no port {missing} (correct it)");
    }

    private static ServerPlan Undecided(ServerInputs inputs, Func<string, Verdict> verdict) =>
        ServerDecision.Undecided(inputs, call => verdict($"{call.Field}.name"), _ => Verdict.Progressing);

    private static string Place(ServerKey key) => $"{QuotedText.Quote(key.Name)} in namespace {QuotedText.Quote(key.Namespace)}";
}
