using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Allows a client to reach one of its targets, if the target can be resolved.</summary>
internal static class DestinationPlanner
{
    /// <summary>The result on the target, if the client's policy can be written.</summary>
    public static TargetResult Allow(EgressIntent target, EgressRuleBuilder draft)
    {
        var problem = target.Destination switch
        {
            Destination.ToWorkload workload => Allow(workload, target.Target.Field, draft),
            Destination.ToService service => Allow(service, target.Target.Field, draft),
            Destination.ToInternet internet => new InternetDestinationPlanner(internet, target.Target.Field, draft).Allow(),
            _ => throw new InvalidOperationException($"{target.Destination.GetType().Name} is unknown."),
        };
        if (problem is not null && problem.State != TargetStateNames.Enforced)
        {
            return problem;
        }

        return draft.IsDesired
            ? problem ?? Granted(target.Destination)
            : TargetResult.Shadow.WithAddressesOf(problem);
    }

    // The error if no rule can match the Pods of the namespace. Null if a rule can.
    private static TargetResult? ValidateNamespace(NamespaceState state, string field, PolicyKey server) => state switch
    {
        NamespaceState.Labeled => null,
        NamespaceState.NotWatched => IngressPlanner.CreateNotWatchedResult($"{field}.name", server),
        NamespaceState.Missing => TargetResult.Pending(
            Reasons.NamespaceNotFound,
            $"{field}.name: there is no namespace {TextSanitizer.Quote(server.Namespace)}; create it, or correct the name"),
        _ => TargetResult.Failed(
            Reasons.NamespaceLabelMissing,
            $"{field}.name: namespace {TextSanitizer.Quote(server.Namespace)} cannot be selected by name;"
                + $" label it {WayleaveLabels.NamespaceName}={server.Namespace}"),
    };

    private static TargetResult Granted(Destination destination) =>
        destination is Destination.ToWorkload { Reference.HasHttpPaths: true } ? TargetResult.EnforcedWithoutPaths : TargetResult.Enforced;

    // An ambiguous name allows each workload, because egress rules do not isolate the servers, and each server has its own ingress policy.
    // The same applies to a workload that no longer exists, because its Pods may still run.
    private static TargetResult? Allow(Destination.ToWorkload target, string field, EgressRuleBuilder draft)
    {
        var wanted = target.Reference.Workload!.Value;
        var found = WorkloadResolver.Resolve(wanted, target.Candidates);
        var meant = found switch
        {
            WorkloadResolution.Found { Workload.AllPodsUseHostNetwork: true } => Enumerable.Empty<Workload>(),
            WorkloadResolution.Found one => [one.Workload],
            WorkloadResolution.Ambiguous several =>
                target.Candidates.Where(candidate =>
                    several.Kinds.Contains(candidate.Kind) && candidate is { SelectsEverything: false, AllPodsUseHostNetwork: false }),
            WorkloadResolution.NotFound => target.LastKnown.Where(known => wanted.Kind is null || known.Kind == wanted.Kind),
            _ => [],
        };
        DeclaredPort? unsupported = null;
        foreach (var workload in meant)
        {
            if (PortResolver
                .Resolve(target.Reference.Ports, workload.SelectedWorkloads, draft.SupportsPortRanges, out unsupported) is { } ports)
            {
                draft.Allow(
                    workload.Subject, workload.IsTemplateKnown ? ports : draft.FindExistingPorts(workload.Subject, ports));
            }
        }

        return ValidateNamespace(target.Namespace, field, target.Reference.Server)
            ?? HostNetwork(found, field)
            ?? ResolutionMessages.ServerResult(found, field, wanted, target.LastKnown, isKept: false)
            ?? PortText.ValidateRange(unsupported, $"{field}.ports");
    }

    private static TargetResult? HostNetwork(WorkloadResolution found, string field) =>
        found is WorkloadResolution.Found { Workload: { AllPodsUseHostNetwork: true } server }
        ? TargetResult.Failed(
            Reasons.HostNetwork,
            $"{field}.name: the Pods of {TextSanitizer.Quote(server.DeclaredName)} use the host network and have the addresses of their nodes, which no Pod selector"
                + " matches; declare these addresses as an internet target")
        : null;

    // The Pods that the Service selects, or the endpoints of a Service without a selector.
    private static TargetResult? Allow(Destination.ToService target, string field, EgressRuleBuilder draft)
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

        return ValidateNamespace(target.Namespace, field, server)
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
