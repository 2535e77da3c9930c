using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Allows egress to the Pods that a Service selects, or to the endpoints of a Service without a selector.</summary>
internal static class ServiceDestination
{
    /// <summary>Why it is blocked. Null if it is not.</summary>
    public static TargetResult? Allow(Destination.ToService target, string field, EgressRuleBuilder draft)
    {
        if (ServiceIngressPlanner.Validate(target.Reference.Server, target.Service, field) is { } unusable)
        {
            if (target.LastKnownPods is { } pods)
            {
                draft.RetainExistingRules(pods);
            }

            return unusable;
        }

        var problem = target.Service!.Spec?.Selector is { Count: > 0 } selector
            ? OpenPods(target, selector, field, draft)
            : OpenAddresses(target, field, draft);
        return target.IsPresent ? problem : ServiceIngressPlanner.NotFound(target.Reference.Server, field);
    }

    private static TargetResult? OpenPods(
        Destination.ToService target, Dictionary<string, string> selector, string field, EgressRuleBuilder draft)
    {
        var server = target.Reference.Server;
        var wanted = target.Reference.Ports;
        var ports = new ServicePorts(target.Service!.Spec!.Ports, target.Backends).Find(wanted, out var missing);
        if (!ServiceIngressPlanner.AllUseHostNetwork(target.Backends) && (wanted.Count == 0 || ports.Count > 0))
        {
            var subject = new PolicySubject(
                PolicySubject.Service, server.Namespace, server.Name, new V1LabelSelector { MatchLabels = selector });
            draft.Allow(subject, target.Backends.Count > 0 ? ports : draft.FindExistingPorts(subject, ports));
        }

        return DestinationPlanner.ValidateNamespace(target.Namespace, field, server)
            ?? HostNetwork(target, field)
            ?? ServiceIngressPlanner.ValidatePorts(missing, server, field);
    }

    private static TargetResult? HostNetwork(Destination.ToService target, string field) =>
        target.Backends.Any(backend => backend.AllPodsUseHostNetwork)
        ? TargetResult.Failed(
            Reasons.HostNetwork,
            $"{field}.name: Pods behind Service {ServiceIngressPlanner.Describe(target.Reference.Server)} use the host network and have the addresses of their nodes,"
                + " which no Pod selector matches; declare these addresses as an internet target")
        : null;

    private static TargetResult? OpenAddresses(Destination.ToService target, string field, EgressRuleBuilder draft)
    {
        var wanted = new ServicePorts(target.Service!.Spec?.Ports, []).Names(target.Reference.Ports, out var missing);
        var opened = false;
        foreach (var group in target.Endpoints)
        {
            var blocks = group.Addresses
                .Where(address => AddressRange.Validate(address) is null)
                .Select(address => new AddressBlock(AddressRange.Normalize(address)))
                .ToList();
            var ports = group.Ports.Where(port => wanted is null || wanted.Contains(port.Name ?? "")).Select(port => port.Port).ToList();
            if (blocks.Count > 0 && (ports.Count > 0 || group.Ports.Count == 0))
            {
                draft.Addresses.Allow(blocks, ports);
                opened = true;
            }
        }

        return ServiceIngressPlanner.ValidatePorts(missing, target.Reference.Server, field)
            ?? (opened
                ? null
                : TargetResult.Pending(
                    Reasons.NoEndpoints,
                    $"{field}.name: Service {ServiceIngressPlanner.Describe(target.Reference.Server)} selects no Pods and has no endpoints; give it a selector or endpoints"));
    }
}
