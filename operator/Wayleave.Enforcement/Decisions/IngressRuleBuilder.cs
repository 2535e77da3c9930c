using k8s.Models;
using Wayleave.Enforcement.Exposure;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>
/// Collects the rules of an ingress policy. It exists as soon as a declaration names the server, so that a server whose only client does
/// not exist yet is already isolated.
/// </summary>
/// <param name="subject">Whose Pods the policy selects.</param>
/// <param name="selected">The workloads whose Pods these are, as far as they are known.</param>
internal sealed class IngressRuleBuilder(PolicySubject subject, IReadOnlyList<Workload> selected, ServerInputs inputs)
    : RuleBuilder(subject, PolicyDirection.Ingress, inputs)
{
    private readonly AllowedPodSet _clients = new();
    private readonly List<(Workload Client, IReadOnlyList<PolicyPort> Ports)> _possible = [];

    private ExternalTraffic? _external;

    /// <summary>Whether a policy is in force after this decision. All declarations have to be added before.</summary>
    public bool IsInForce => IsDesired || (IsRetained && Existing is not null);

    /// <summary>The workloads whose Pods the policy is known to select.</summary>
    public IReadOnlyList<Workload> SelectedWorkloads => selected;

    /// <summary>The Services that lead to the server's Pods.</summary>
    public IReadOnlyList<ExposedService> Services => External.Services;

    /// <summary>Whether the server's Pods may reach each other.</summary>
    public bool OwnPods { get; set; } = true;

    /// <summary>Whether the existing rules for clients stay too, because they cannot be computed.</summary>
    public bool RetainsClients { get; init; }

    private ExternalTraffic External => _external ??= new ExternalTraffic(Subject, selected, inputs);

    /// <summary>
    /// Allows the client of an intent to call, on every port if <paramref name="ports"/> is empty. If it is not known, keeps allowing those
    /// of several possible clients that the policy in force allows.
    /// </summary>
    public void Allow(IngressIntent call, Workload? client, IReadOnlyList<PolicyPort> ports)
    {
        if (client is not null)
        {
            _clients.Allow(client.Subject, ports);
        }
        else
        {
            _possible.AddRange(call.PossibleClients.Select(candidate => (candidate, ports)));
        }
    }

    /// <summary>The result of an intent without errors.</summary>
    public TargetResult GetAllowedResult(IngressIntent call)
    {
        if (!IsDesired)
        {
            return TargetResult.Shadow.With(External.Warnings);
        }

        return (call.Reference.HasHttpPaths ? TargetResult.EnforcedWithoutPaths : TargetResult.Enforced).With(External.Warnings);
    }

    /// <summary>Adds the warnings about external traffic to a result.</summary>
    public TargetResult WithWarnings(TargetResult result) => result.With(External.Warnings);

    public override V1NetworkPolicy Build()
    {
        var policy = Compose();
        if (Existing is not null && _possible.Count > 0)
        {
            // Do not count rules that another client accounts for.
            foreach (var (client, ports) in _possible
                .Where(one => RetainedRules.HasOtherRuleFor(Existing, policy.Spec!.Ingress!, one.Client.Subject)))
            {
                _clients.Allow(client.Subject, ports);
            }

            policy = Compose();
        }

        var rules = policy.Spec!.Ingress!;
        if (Existing is not null && RetainsExistingRules)
        {
            policy.Spec.Ingress = RetainedRules.GetIngressForUnknownPods(
                Existing, rules, (@namespace, peer) =>
                    RetainsClients || inputs.RetainedNamespaces.Contains(@namespace) || IsController(@namespace, peer));
        }
        else if (Existing is not null && inputs.RetainedNamespaces.Count > 0)
        {
            policy.Spec.Ingress = [.. rules, .. RetainedRules.GetIngress(Existing, rules, inputs.RetainedNamespaces.Contains)];
        }

        return policy;
    }

    // Written like a client.
    private bool IsController(string @namespace, V1NetworkPolicyPeer peer) =>
        WellKnownIngressControllers.IsControllerPod(@namespace, peer.PodSelector?.MatchLabels)
        || inputs.ApiServerProxies.Any(
            proxy => proxy.Namespace == @namespace && SelectorEquality.AreEqual(proxy.PodSelector, peer.PodSelector))
        || inputs.Settings.IngressControllers.Any(controller => PolicyEquality.PeersEqual([controller], [peer]));

    private V1NetworkPolicy Compose() => NetworkPolicyBuilder.Ingress(
        Subject,
        _clients.ToOrderedList(),
        OwnPods,
        [.. External.Rules, .. inputs.Settings.From.Select(Rule).OfType<V1NetworkPolicyIngressRule>()]);

    // Null if the API server cannot store the ports. Without them, the rule would allow every port.
    private V1NetworkPolicyIngressRule? Rule(Governance.AllowedPeer allowed) =>
        PortResolver.Resolve(allowed.Ports, selected, inputs.Network.SupportsPortRanges, out _) is { } ports
        ? new V1NetworkPolicyIngressRule
        {
            FromProperty = allowed.Peer is null ? null : [allowed.Peer],
            Ports = NetworkPolicyBuilder.Ports(PortSet.Order(ports)),
        }
        : null;
}
