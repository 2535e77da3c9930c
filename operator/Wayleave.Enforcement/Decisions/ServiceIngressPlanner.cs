using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Plans the policy of a server that is a Service. It selects the Service's Pods and allows its target ports.</summary>
internal static class ServiceIngressPlanner
{
    public static PolicyPlan Plan(ServerInputs inputs)
    {
        if (inputs.Service is null)
        {
            return Missing(inputs);
        }

        if (inputs.Service is not { Spec: { Type: not "ExternalName", Selector: { Count: > 0 } labels } spec })
        {
            return WithResults(inputs, call => Validate(inputs.Key, inputs.Service, call.Target.Field) ?? WithoutSelector(call));
        }

        var selector = new V1LabelSelector { MatchLabels = labels };
        if (inputs.SelectsDns(selector))
        {
            return WithResults(inputs, _ => IngressPlanner.ClusterDns);
        }

        return AllUseHostNetwork(inputs.Backends)
            ? WithResults(inputs, call => call.GetIgnoredResult() ?? HostNetwork(inputs, call.Target.Field)!)
            : Plan(inputs, selector, new ServicePorts(spec.Ports, inputs.Backends));
    }

    /// <summary>The error if the Service cannot be a target. Null if it can.</summary>
    public static TargetResult? Validate(PolicyKey key, PartialService? service, string field) => service switch
    {
        null => NotFound(key, field),
        { Spec.Type: "ExternalName" } => TargetResult.NotSupported(
            Reasons.ExternalNameService, $"{field}.name: {Describe(key)} is of type ExternalName; declare an internet target"),
        _ => null,
    };

    public static TargetResult NotFound(PolicyKey key, string field) => TargetResult.Pending(
        Reasons.ServiceNotFound, $"{field}.name: there is no Service {Describe(key)}; create it, or correct the name");

    /// <summary>The error if the Service lacks a port. Null if it has all of them.</summary>
    public static TargetResult? ValidatePorts(DeclaredPort? missing, PolicyKey server, string field) => missing is null
        ? null
        : TargetResult.Pending(
            Reasons.ServicePortNotFound,
            $"{field}.ports: Service {Describe(server)} has no port {missing}; correct the port, or add it to the Service");

    public static string Describe(PolicyKey key) => $"{TextSanitizer.Quote(key.Name)} in namespace {TextSanitizer.Quote(key.Namespace)}";

    private static PolicyPlan Plan(ServerInputs inputs, V1LabelSelector selector, ServicePorts ports)
    {
        var plan = new PolicyPlanBuilder();
        var subject = new PolicySubject(PolicySubject.Service, inputs.Key.Namespace, inputs.Key.Name, selector);
        var isProtected = inputs.Protections.Count > 0;
        var draft = new IngressRuleBuilder(subject, inputs.Backends, inputs)
        {
            OwnPods = AllowOwnPods(inputs),
        };
        if (inputs.PossibleProtections.Count > 0)
        {
            draft.AddDeclaration(isCertain: false, isProtection: true);
        }

        // Port names cannot be resolved while the Pods are unknown. Keep the numbers of the existing policy.
        draft.RetainsExistingRules = inputs.Backends.Count == 0 && ports.Find([], out _).Any(port => port.Port.Text is not null);
        var isNamed = inputs.RetainedNamespaces.Count > 0;
        if (isNamed)
        {
            draft.AddDeclaration(isCertain: false, isProtected);
        }

        foreach (var call in inputs.Intents)
        {
            if (call.GetIgnoredResult() is null)
            {
                isNamed = true;
                draft.AddDeclaration(inputs.IsServicePresent, isProtected);
            }
        }

        foreach (var call in inputs.Intents)
        {
            var result = Allow(call, inputs, draft, ports, out var client);
            plan.Add(call.Intents, call.Target.Index, result, draft.DesiredName, client);
        }

        if (isNamed)
        {
            plan.Add(draft);
        }

        return plan.Build();
    }

    private static TargetResult Allow(
        IngressIntent call, ServerInputs inputs, IngressRuleBuilder draft, ServicePorts ports, out Workload? client)
    {
        client = call.KnownClient;
        if (call.GetIgnoredResult() is { } ignored)
        {
            return ignored;
        }

        var problem = call.ValidateClient(out client);
        var wanted = call.Reference.Ports;
        var found = ports.Find(wanted, out var missing);
        if (wanted.Count == 0 || found.Count > 0)
        {
            draft.Allow(call, client, found);
        }

        if (!inputs.IsServicePresent)
        {
            return ResolutionMessages.WithKept(NotFound(inputs.Key, call.Target.Field), draft.IsInForce);
        }

        return WorkloadIngressPlanner.ApplyMode(problem, draft)
            ?? HostNetwork(inputs, call.Target.Field)
            ?? ValidatePorts(missing, call.Reference.Server, call.Target.Field)
            ?? ResolutionMessages.AddWarnings(draft.GetAllowedResult(call), client);
    }

    /// <summary>Whether all Pods behind a Service use the host network, as far as they are known.</summary>
    public static bool AllUseHostNetwork(IReadOnlyList<Workload> backends) =>
        backends.Count > 0 && backends.All(backend => backend.AllPodsUseHostNetwork);

    private static TargetResult? HostNetwork(ServerInputs inputs, string field) =>
        inputs.Backends.FirstOrDefault(backend => backend.AllPodsUseHostNetwork) is { } backend
        ? TargetResult.Failed(
            Reasons.HostNetwork,
            $"{field}.name: Pods behind Service {Describe(inputs.Key)} ({backend.Kind.Name()} {TextSanitizer.Quote(backend.Name)}) use the host network, where no"
                + " NetworkPolicy protects them; restrict the port on the nodes, or run the Pods without hostNetwork")
        : null;

    // The Service is only known from its existing policy, which stays while a declaration names it.
    private static PolicyPlan Missing(ServerInputs inputs)
    {
        var isDeclared = inputs.RetainedNamespaces.Count > 0 || inputs.Intents.Any(call => call.GetIgnoredResult() is null);
        var isProtected = inputs.Protections.Count > 0 || inputs.PossibleProtections.Count > 0;
        var isKept = isDeclared && (inputs.Settings.Mode == EnforcementMode.Enforce || isProtected);
        var plan = WithResults(
            inputs,
            call =>
                call.GetIgnoredResult()
                    ?? ResolutionMessages.WithKept(NotFound(inputs.Key, call.Target.Field), isKept && inputs.ExistingPolicies.Count > 0));
        return isKept ? plan with { Retained = [.. inputs.ExistingPolicies.Select(policy => Kept(policy, inputs))] } : plan;
    }

    private static V1NetworkPolicy Kept(V1NetworkPolicy existing, ServerInputs inputs) =>
        PolicyMetadataReader.ReadSubject(existing) is { } pods
        ? new IngressRuleBuilder(pods, inputs.Backends, inputs)
        {
            RetainsExistingRules = true,
            RetainsClients = true,
            OwnPods = AllowOwnPods(inputs),
        }.Build()
        : existing;

    private static bool AllowOwnPods(ServerInputs inputs) =>
        inputs.Protections.Concat(inputs.PossibleProtections).All(static protection => protection.Parse().AllowsOwnPods);

    // The protections of the workloads behind a Service are decided with these.
    private static PolicyPlan WithResults(ServerInputs inputs, Func<IngressIntent, TargetResult> ofCall) =>
        IngressPlanner.PlanWithoutPolicies(inputs, ofCall, _ => TargetResult.Progressing);

    // There are no Pods to select. The client's egress policy may still restrict access to its endpoints.
    private static TargetResult WithoutSelector(IngressIntent call) => TargetResult.NotSupported(
        Reasons.ServiceWithoutSelector,
        $"{call.Target.Field}.name: {Describe(call.Reference.Server)} selects no pods; declare what is behind it");
}
