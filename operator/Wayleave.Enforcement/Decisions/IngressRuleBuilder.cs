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
{
    private readonly CallerSet _callers = new();
    private readonly List<(Workload Client, IReadOnlyList<PolicyPort> Ports)> _possible = [];
    private readonly V1NetworkPolicy? _existing = inputs.ExistingPolicies.FirstOrDefault(policy =>
        policy.Metadata.Name == PolicyName.For(subject.Kind, subject.Name, PolicyDirection.Ingress));

    private ExternalTraffic? _external;

    public PolicyClaims Claims { get; } = new(
        inputs.Settings.Mode.Mode, PolicyName.For(subject.Kind, subject.Name, PolicyDirection.Ingress));

    /// <summary>Whether a policy is in force after this decision. All claims have to be made before.</summary>
    public bool IsInForce => Claims.IsDesired || (Claims.IsRetained && _existing is not null);

    /// <summary>The workloads whose Pods the policy is known to select.</summary>
    public IReadOnlyList<Workload> SelectedWorkloads => selected;

    /// <summary>The Services that lead to the server's Pods.</summary>
    public IReadOnlyList<ExposedService> Services => External.Services;

    /// <summary>Whether the server's Pods may reach each other.</summary>
    public bool OwnPods { get; set; } = true;

    /// <summary>Whether the server is only known from its existing policy.</summary>
    public bool RetainsExistingRules { get; set; }

    /// <summary>Whether the existing rules for clients stay too, because they cannot be computed.</summary>
    public bool RetainsClients { get; init; }

    private ExternalTraffic External => _external ??= ExternalTraffic.Create(subject, selected, inputs);

    /// <summary>Allows a client to call; everywhere when <paramref name="ports"/> is empty.</summary>
    public void Allow(Workload client, IReadOnlyList<PolicyPort> ports) => _callers.Allow(client.Subject, ports);

    /// <summary>Keeps allowing those of several possible clients that the policy in force allows.</summary>
    public void AllowIfExisting(IEnumerable<Workload> candidates, IReadOnlyList<PolicyPort> ports) =>
        _possible.AddRange(candidates.Select(candidate => (candidate, ports)));

    /// <summary>The result of an intent without errors.</summary>
    public TargetResult GetAllowedResult(IngressIntent call)
    {
        if (!Claims.IsDesired)
        {
            return TargetResult.Shadow.With(External.Warnings);
        }

        return (call.Reference.HasHttpPaths ? TargetResult.EnforcedWithoutPaths : TargetResult.Enforced).With(External.Warnings);
    }

    /// <summary>Adds the warnings about external traffic to a result.</summary>
    public TargetResult WithWarnings(TargetResult result) => result.With(External.Warnings);

    public V1NetworkPolicy Build()
    {
        var policy = Compose();
        if (_existing is not null && _possible.Count > 0)
        {
            // Do not count rules that another client accounts for.
            foreach (var (client, ports) in _possible
                .Where(one => RetainedRules.HasOtherRuleFor(_existing, policy.Spec!.Ingress!, one.Client.Subject)))
            {
                Allow(client, ports);
            }

            policy = Compose();
        }

        var rules = policy.Spec!.Ingress!;
        if (_existing is not null && RetainsExistingRules)
        {
            policy.Spec.Ingress = RetainedRules.GetIngressForUnknownPods(
                _existing, rules, (@namespace, peer) =>
                    RetainsClients || inputs.RetainedNamespaces.Contains(@namespace) || IsController(@namespace, peer));
        }
        else if (_existing is not null && inputs.RetainedNamespaces.Count > 0)
        {
            policy.Spec.Ingress = [.. rules, .. RetainedRules.GetIngress(_existing, rules, inputs.RetainedNamespaces.Contains)];
        }

        return policy;
    }

    // Written like a client.
    private bool IsController(string @namespace, V1NetworkPolicyPeer peer) =>
        WellKnownIngressControllers.IsControllerPod(@namespace, peer.PodSelector?.MatchLabels)
        || inputs.ApiServerProxies.Any(
            proxy => proxy.Namespace == @namespace && SelectorEquality.AreEqual(proxy.PodSelector, peer.PodSelector))
        || inputs.Settings.IngressControllers.Any(controller => PolicyEquality.PeersEqual([controller], [peer]));

    private V1NetworkPolicy Compose() => IngressPolicyBuilder.Build(new EffectiveIngress(subject, _callers.ToOrderedList())
    {
        AllowsOwnPods = OwnPods,
        AdditionalRules = [.. External.Rules, .. inputs.Settings.From.Select(Rule).OfType<V1NetworkPolicyIngressRule>()],
    });

    // Null if the API server cannot store the ports. Without them, the rule would allow every port.
    private V1NetworkPolicyIngressRule? Rule(Governance.AllowedPeer allowed)
    {
        if (PortResolver.Resolve(allowed.Ports, selected, inputs.Network.SupportsPortRanges, out _) is not { } resolved)
        {
            return null;
        }

        var ports = new PortSet();
        ports.Add(resolved);
        return new V1NetworkPolicyIngressRule
        {
            FromProperty = allowed.Peer is null ? null : [allowed.Peer],
            Ports = NetworkPolicyFactory.Ports(ports.ToOrderedList()),
        };
    }
}
