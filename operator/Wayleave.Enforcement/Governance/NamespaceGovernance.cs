using Wayleave.Api;
using Wayleave.Enforcement.Selectors;

namespace Wayleave.Enforcement.Governance;

/// <summary>
/// Says which policy governs a namespace. Without one the operator's default holds, but for the namespaces that the cluster and the operator
/// live on, where a policy for one server could take everything down: those are Disabled unless a policy selects them by name. Immutable.
/// </summary>
public sealed class NamespaceGovernance
{
    private readonly GovernanceDefaults _defaults;
    private readonly GoverningPolicy[] _policies;
    private readonly NamespaceRule _default;
    private readonly NamespaceRule _system = new(new NamespaceMode(EnforcementMode.Disabled, Reasons.SystemNamespace));

    public NamespaceGovernance(GovernanceDefaults defaults, IEnumerable<GoverningPolicy> policies)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        _defaults = defaults;
        _policies = policies.ToArray();
        Array.Sort(_policies, GoverningPolicy.ByRank);
        _default = new NamespaceRule(NamespaceMode.Of(defaults.Mode)) { Egress = defaults.Egress, External = defaults.External, DnsPorts = defaults.DnsPorts };
    }

    /// <summary>What holds in a namespace with those labels. The same question gets the same object.</summary>
    public NamespaceRule RuleOf(string @namespace, IDictionary<string, string>? labels) =>
        GovernorOf(@namespace, labels)?.Rule ?? (_defaults.IsSystem(@namespace) ? _system : _default);

    /// <summary>The policy that governs the namespace; null when none does.</summary>
    public GoverningPolicy? GovernorOf(string @namespace, IDictionary<string, string>? labels)
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

    /// <summary>True when the policy asks for the namespace, whether or not another outranks it.</summary>
    public bool Selects(GoverningPolicy policy, string @namespace, IDictionary<string, string>? labels)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return SelectorMatch.Matches(policy.Selector, labels) && (!_defaults.IsSystem(@namespace) || SelectorMatch.Names(policy.Selector, @namespace));
    }
}
