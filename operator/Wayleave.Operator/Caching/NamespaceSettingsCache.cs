using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Status;

namespace Wayleave.Operator.Caching;

/// <summary>
/// The rule of each namespace, updated when EnforcementPolicies and namespaces change. Calls handlers only for namespaces whose rule
/// changed. Thread-safe.
/// </summary>
internal sealed class NamespaceSettingsCache
{
    private readonly ClusterCache _cache;
    private readonly EnforcementDefaults _defaults;
    private readonly Lock _changing = new();
    private readonly Dictionary<string, ParsedEnforcementPolicy> _policies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NamespaceSettings> _rules = new(StringComparer.Ordinal);
    private readonly List<Action<string>> _handlers = [];
    private volatile EnforcementPolicyResolver _governance;

    public NamespaceSettingsCache(ClusterCache cache, EnforcementDefaults defaults)
    {
        _cache = cache;
        _defaults = defaults;
        _governance = new EnforcementPolicyResolver(defaults, []);
        cache.SetExposureEnabled(defaults.AllowsExternal);
    }

    /// <summary>Attaches the event handlers. Call once, before the informers run.</summary>
    public void Attach()
    {
        _cache.Enforcements.AddHandler(PolicyChanged);
        _cache.Namespaces.AddHandler(NamespaceChanged);
    }

    /// <summary>The settings of a namespace, even if it does not exist.</summary>
    public NamespaceSettings GetSettings(string @namespace) => _governance.GetSettings(@namespace, LabelsOf(@namespace));

    /// <summary>What a policy governs; null when it cannot govern.</summary>
    public (ParsedEnforcementPolicy Policy, PolicyCoverage Census)? GetCoverage(EnforcementPolicy policy)
    {
        if (PolicyOf(policy.Metadata.Name ?? "") is not { } governing || governing.Uid != policy.Metadata.Uid)
        {
            return null;
        }

        var namespaces = _cache.Namespaces.Store.List().Select(entry =>
            new NamespaceEntry(entry.Metadata.Name ?? "", entry.Metadata.Labels, _cache.Workloads.CountIn(entry.Metadata.Name ?? "")));
        return (governing, PolicyCoverage.Compute(_governance, governing, namespaces));
    }

    /// <summary>Adds a handler that is called for each namespace whose rule changed. Add handlers before the informers run.</summary>
    public void AddHandler(Action<string> handler) => _handlers.Add(handler);

    private void PolicyChanged(EnforcementPolicy? old, EnforcementPolicy? now)
    {
        if (Changes.IsSameSpec(old, now))
        {
            return;
        }

        lock (_changing)
        {
            var name = (now ?? old)!.Metadata.Name!;
            if (now is not null && Read(now) is { } policy)
            {
                _policies[name] = policy;
            }
            else
            {
                _policies.Remove(name);
            }

            _cache.SetExposureEnabled(_defaults.AllowsExternal || _policies.Values.Any(known => known.Settings.AllowsExternal));
            _governance = new EnforcementPolicyResolver(_defaults, _policies.Values);
            foreach (var @namespace in _cache.Namespaces.Store.List())
            {
                Refresh(@namespace.Metadata.Name!, @namespace.Metadata.Labels);
            }
        }
    }

    private ParsedEnforcementPolicy? PolicyOf(string name)
    {
        lock (_changing)
        {
            return _policies.GetValueOrDefault(name);
        }
    }

    // An invalid edit keeps the last valid spec. After a restart, it is read from the status.
    private ParsedEnforcementPolicy? Read(EnforcementPolicy policy)
    {
        if (policy.Metadata.DeletionTimestamp is not null || EnforcementPolicyParser.Validate(policy) is null)
        {
            return EnforcementPolicyParser.Parse(policy, _defaults);
        }

        return _policies.GetValueOrDefault(policy.Metadata.Name!) is { } before && before.Uid == policy.Metadata.Uid
            ? before
            : EnforcementPolicyStatusBuilder.ReadEnforcedSpec(policy) is { } spec
                ? EnforcementPolicyParser.Parse(policy.Metadata, spec, _defaults)
                : EnforcementPolicyParser.Parse(policy, _defaults);
    }

    private void NamespaceChanged(V1Namespace? old, V1Namespace? now)
    {
        lock (_changing)
        {
            if (now is null)
            {
                _rules.Remove(old!.Metadata.Name!);
            }
            else
            {
                Refresh(now.Metadata.Name!, now.Metadata.Labels);
            }
        }
    }

    private void Refresh(string @namespace, IDictionary<string, string>? labels)
    {
        var rule = _governance.GetSettings(@namespace, labels);
        if (_rules.TryGetValue(@namespace, out var before) && before == rule)
        {
            return;
        }

        _rules[@namespace] = rule;
        _handlers.ForEach(handler => handler(@namespace));
    }

    private IDictionary<string, string>? LabelsOf(string @namespace) =>
        _cache.Namespaces.Store.Get(new Wayleave.Kubernetes.NamespacedName("", @namespace))?.Metadata.Labels;
}
