using System.Globalization;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Text;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Governance;

/// <summary>
/// Reads an <see cref="EnforcementPolicy"/>. The schema has refused most junk. A policy whose selector or mode makes no sense governs
/// nothing; an entry of <c>allow.from</c> that makes no sense is left out, and the rest holds.
/// </summary>
public static class DeclaredGovernance
{
    /// <summary>The policy as it governs; null when it is being deleted or cannot govern.</summary>
    public static GoverningPolicy? Read(EnforcementPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var spec = policy.Spec;
        if (policy.Metadata.DeletionTimestamp is not null || SpecRefusal(spec) is not null || ModeOf(spec) is not { } mode)
        {
            return null;
        }

        return new GoverningPolicy
        {
            Name = policy.Metadata.Name ?? "",
            Priority = spec.Priority ?? 0,
            Created = policy.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue,
            Selector = spec.NamespaceSelector ?? new V1LabelSelector(),
            Rule = new NamespaceRule(NamespaceMode.Of(mode))
            {
                Policy = policy.Metadata.Name,
                Egress = spec.Egress ?? false,
                Dns = spec.Allow?.Dns ?? true,
                From = (spec.Allow?.From ?? []).Where(caller => CallerRefusal("", caller) is null).Select(Peer).ToArray(),
            },
        };
    }

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static Verdict? Refusal(EnforcementPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var refusal = SpecRefusal(policy.Spec);
        var callers = policy.Spec.Allow?.From ?? [];
        for (var i = 0; refusal is null && i < callers.Count; i++)
        {
            refusal = CallerRefusal(string.Create(CultureInfo.InvariantCulture, $"spec.allow.from[{i}]"), callers[i]);
        }

        return refusal;
    }

    private static Verdict? SpecRefusal(EnforcementPolicySpec spec) =>
        ModeOf(spec) is null
            ? Invalid("spec.mode", $"{QuotedText.Quote(spec.Mode)} is not a mode (use Enforce, Shadow or \"Off\")")
            : SelectorRules.Refusal("spec.namespaceSelector", spec.NamespaceSelector);

    private static Verdict? CallerRefusal(string field, AllowedCaller? caller)
    {
        if (caller is null || (caller.NamespaceSelector is null && caller.PodSelector is null))
        {
            return Invalid(field, "nobody is named (give namespaceSelector, podSelector or both)");
        }

        var bad = caller.Ports?.FindIndex(port => port is < 1 or > 65535) ?? -1;
        return bad >= 0
            ? Invalid(string.Create(CultureInfo.InvariantCulture, $"{field}.ports[{bad}]"), "a port is from 1 to 65535 (correct it)")
            : SelectorRules.Refusal($"{field}.namespaceSelector", caller.NamespaceSelector)
                ?? SelectorRules.Refusal($"{field}.podSelector", caller.PodSelector);
    }

    private static AllowedPeer Peer(AllowedCaller caller) => new(
        new V1NetworkPolicyPeer { NamespaceSelector = caller.NamespaceSelector, PodSelector = caller.PodSelector },
        (caller.Ports ?? []).Distinct().Order().Select(port => new PolicyPort(PolicyPort.Tcp, port)).ToArray());

    private static EnforcementMode? ModeOf(EnforcementPolicySpec spec) => spec.Mode switch
    {
        EnforcementModes.Enforce => EnforcementMode.Enforce,
        EnforcementModes.Shadow => EnforcementMode.Shadow,
        EnforcementModes.Off => EnforcementMode.Off,
        _ => null,
    };

    private static Verdict Invalid(string field, string what) => Verdict.Failed(Reasons.InvalidSpec, $"{field}: {what}");
}
