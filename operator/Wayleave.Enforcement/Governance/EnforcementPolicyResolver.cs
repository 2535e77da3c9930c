using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Selectors;

namespace Wayleave.Enforcement.Governance;

/// <summary>
/// Finds the policy that applies to a namespace. Without one, the operator's defaults apply. System namespaces are Disabled unless a policy
/// selects them by name, because a policy there could break the cluster. Immutable.
/// </summary>
public sealed class EnforcementPolicyResolver
{
    private readonly EnforcementDefaults _defaults;
    private readonly ParsedEnforcementPolicy[] _policies;
    private readonly NamespaceSettings _default;
    private readonly NamespaceSettings _system = new(EnforcementMode.Disabled) { ModeReason = Reasons.SystemNamespace };

    public EnforcementPolicyResolver(EnforcementDefaults defaults, IEnumerable<ParsedEnforcementPolicy> policies)
    {
        _defaults = defaults;
        _policies = policies.ToArray();
        Array.Sort(_policies, ParsedEnforcementPolicy.CompareByPriority);
        _default = new NamespaceSettings(defaults.Mode)
        {
            RestrictsEgress = defaults.RestrictsEgress,
            AllowsExternal = defaults.AllowsExternal,
            DnsPorts = defaults.DnsPorts,
        };
    }

    /// <summary>The settings of a namespace with these labels. Equal arguments return the same object.</summary>
    public NamespaceSettings GetSettings(string @namespace, IDictionary<string, string>? labels) =>
        FindPolicy(@namespace, labels)?.Settings ?? (_defaults.IsSystem(@namespace) ? _system : _default);

    /// <summary>The policy that applies to the namespace. Null if none does.</summary>
    public ParsedEnforcementPolicy? FindPolicy(string @namespace, IDictionary<string, string>? labels)
    {
        foreach (var policy in _policies)
        {
            if (Selects(policy, @namespace, labels))
            {
                return policy;
            }
        }

        return null;
    }

    /// <summary>Whether the policy selects the namespace, even if another policy applies to it.</summary>
    public bool Selects(ParsedEnforcementPolicy policy, string @namespace, IDictionary<string, string>? labels) =>
        SelectorMatch.Matches(policy.Selector, labels)
        && (!_defaults.IsSystem(@namespace) || SelectorMatch.SelectsByName(policy.Selector, @namespace));
}

/// <summary>The settings of a namespace. Immutable and shared by all namespaces of a policy.</summary>
/// <param name="Mode">The mode for its servers and for the egress of its clients.</param>
public sealed record NamespaceSettings(EnforcementMode Mode)
{
    /// <summary>The reason of the mode.</summary>
    public string ModeReason { get; init; } = Mode switch
    {
        EnforcementMode.Enforce => Reasons.Enforced,
        EnforcementMode.Shadow => Reasons.Shadow,
        _ => Reasons.Disabled,
    };

    /// <summary>The EnforcementPolicy that governs it; null for the operator's default.</summary>
    public string? Policy { get; init; }

    /// <summary>Whether clients are restricted to what they declare.</summary>
    public bool RestrictsEgress { get; init; }

    /// <summary>Where clients are restricted, whether they may look up names.</summary>
    public bool AllowsDns { get; init; } = true;

    /// <summary>More ports that are allowed for DNS, in order and each once.</summary>
    public IReadOnlyList<PolicyPort> DnsPorts { get; init; } = [];

    /// <summary>Whether exposed servers stay reachable from outside the cluster.</summary>
    public bool AllowsExternal { get; init; } = true;

    /// <summary>The Pods of ingress controllers; empty for those that are found by well-known labels.</summary>
    public IReadOnlyList<V1NetworkPolicyPeer> IngressControllers { get; init; } = [];

    /// <summary>The namespaces whose ClientIntents count for servers here; null for all.</summary>
    public V1LabelSelector? AcceptFrom { get; init; }

    /// <summary>Clients that may call every server.</summary>
    public IReadOnlyList<AllowedPeer> From { get; init; } = [];

    /// <summary>Whether egress policies are computed: in mode Enforce or Shadow with egress restricted.</summary>
    public bool ComputesEgress => RestrictsEgress && Mode != EnforcementMode.Disabled;
}

/// <summary>A namespace with its labels and number of workloads.</summary>
/// <param name="Workloads">How many workloads there are in it.</param>
public sealed record NamespaceEntry(string Name, IDictionary<string, string>? Labels, int Workloads);

/// <summary>The settings of namespaces that no EnforcementPolicy selects.</summary>
/// <param name="Mode">The operator's own mode.</param>
/// <param name="OperatorNamespace">Where the operator runs.</param>
/// <param name="RestrictsEgress">Whether clients are restricted to what they declare.</param>
public sealed record EnforcementDefaults(EnforcementMode Mode, string OperatorNamespace, bool RestrictsEgress = false)
{
    /// <summary>Patterns of namespaces that are system namespaces in every cluster. <c>*</c> matches any characters.</summary>
    public static IReadOnlyList<string> KnownSystemNamespaces { get; } = ["kube-*", "openshift-*"];

    /// <summary>More system namespaces, as patterns.</summary>
    public IReadOnlyList<string> SystemNamespaces { get; init; } = [];

    /// <summary>Whether exposed servers stay reachable from outside the cluster.</summary>
    public bool AllowsExternal { get; init; } = true;

    /// <summary>More ports to allow for DNS.</summary>
    public IReadOnlyList<Policies.PolicyPort> DnsPorts { get; init; } = [];

    /// <summary>Whether servers in a namespace are left alone unless an EnforcementPolicy selects it by name.</summary>
    public bool IsSystem(string @namespace) =>
        @namespace == OperatorNamespace
        || KnownSystemNamespaces.Concat(SystemNamespaces).Any(pattern =>
            System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, @namespace, ignoreCase: false));
}
