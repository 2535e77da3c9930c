using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>Which EnforcementPolicy governs a namespace, and what holds where none does.</summary>
public sealed class Governance(IReadOnlyList<EnforcementPolicy> policies, IReadOnlyDictionary<string, V1Namespace> namespaces, Defaults defaults)
{
    private const string NameLabel = "kubernetes.io/metadata.name";
    private static readonly Rule _off = new(EnforcementMode.Disabled, Egress: false, Dns: true, []);

    public IReadOnlyList<EnforcementPolicy> Policies => policies;

    /// <summary>Nothing holds where there is no namespace to write to, nor, unless a policy selects them by name, where the system lives.</summary>
    public Rule RuleOf(string @namespace)
    {
        if (!namespaces.TryGetValue(@namespace, out var found) || found.Metadata.DeletionTimestamp is not null)
        {
            return _off;
        }

        var isSystem = @namespace is "kube-system" or "kube-public" or "kube-node-lease" || @namespace == defaults.OperatorNamespace;
        var governor = policies
            .Where(policy => policy.Metadata.DeletionTimestamp is null && Selects(policy.Spec.NamespaceSelector, found, isSystem))
            .OrderByDescending(policy => policy.Spec.Priority ?? 0)
            .ThenBy(policy => policy.Metadata.CreationTimestamp)
            .ThenBy(policy => policy.Metadata.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return governor is not null ? Rule(governor.Spec)
            : isSystem ? _off
            : new Rule(defaults.Mode, defaults.Egress, Dns: true, []);
    }

    private static Rule Rule(EnforcementPolicySpec spec) =>
        new(Enum.Parse<EnforcementMode>(spec.Mode), spec.Egress ?? false, spec.Allow?.Dns ?? true, spec.Allow?.From ?? []);

    private static bool Selects(V1LabelSelector? selector, V1Namespace @namespace, bool onlyByName) =>
        selector?.Selects(@namespace.Metadata.Labels ?? []) != false && (!onlyByName || IsByName(selector, @namespace.Metadata.Name!));

    private static bool IsByName(V1LabelSelector? selector, string name) =>
        selector?.MatchLabels?.GetValueOrDefault(NameLabel) == name
        || selector?.MatchExpressions?.Exists(expression => expression is { Key: NameLabel, OperatorProperty: "In" } && expression.Values!.Contains(name)) == true;
}
