using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Kubernetes;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>Selects the EnforcementPolicy that governs a namespace, or the defaults.</summary>
/// <param name="policies">The policies in force, without those that are being deleted.</param>
public sealed class Governance(IReadOnlyList<EnforcementPolicy> policies, IReadOnlyDictionary<string, V1Namespace> namespaces, Defaults defaults)
{
    private const string NameLabel = "kubernetes.io/metadata.name";
    private static readonly Rule _disabled = new(EnforcementMode.Disabled, Egress: false);

    /// <summary>The rule for a namespace. Disabled in a missing namespace, and in a system namespace that no policy selects by name.</summary>
    public Rule GetSettings(string @namespace)
    {
        if (!namespaces.TryGetValue(@namespace, out var found))
        {
            return _disabled;
        }

        var isSystem = IsSystem(@namespace);
        var governor = policies
            .Where(policy => Selects(policy.Spec.NamespaceSelector, found, isSystem))
            .OrderByDescending(policy => policy.Spec.Priority ?? 0)
            .ThenBy(policy => policy.Metadata.CreationTimestamp)
            .ThenBy(policy => policy.Metadata.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return governor is not null ? Rule(governor.Spec)
            : isSystem ? _disabled
            : new Rule(defaults.Mode, defaults.Egress) { External = defaults.External };
    }

    private bool IsSystem(string @namespace) =>
        @namespace == defaults.OperatorNamespace
        || @namespace.StartsWith("kube-", StringComparison.Ordinal)
        || @namespace.StartsWith("openshift-", StringComparison.Ordinal);

    private Rule Rule(EnforcementPolicySpec spec) => new(Enum.Parse<EnforcementMode>(spec.Mode), spec.Egress ?? false)
    {
        Dns = spec.Allow?.Dns ?? true,
        DnsPorts = spec.Allow?.DnsPorts ?? [],
        External = spec.Allow?.External is { } external ? external == ExternalModeNames.Auto : defaults.External,
        IngressControllers = spec.Allow?.IngressControllers ?? [],
        AcceptFrom = spec.AcceptFrom?.NamespaceSelector,
        From = spec.Allow?.From ?? [],
    };

    private static bool Selects(V1LabelSelector? selector, V1Namespace @namespace, bool onlyByName) =>
        selector?.Selects(@namespace.Metadata.Labels.ToMap()) != false && (!onlyByName || IsByName(selector, @namespace.Metadata.Name!));

    private static bool IsByName(V1LabelSelector? selector, string name) =>
        selector?.MatchLabels.Find(NameLabel) == name
        || selector?.MatchExpressions?.Any(expression => expression is { Key: NameLabel, OperatorProperty: "In" } && expression.Values!.Contains(name)) == true;
}
