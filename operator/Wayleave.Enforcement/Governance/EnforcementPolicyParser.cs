using System.Net;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Text;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Governance;

/// <summary>
/// Parses an <see cref="EnforcementPolicy"/>. The schema rejects most invalid input. A policy with an invalid selector or mode is ignored.
/// An invalid entry of <c>allow</c> is skipped, and the rest applies.
/// </summary>
public static class EnforcementPolicyParser
{
    /// <summary>The parsed policy. Null if it is being deleted or is invalid.</summary>
    /// <param name="policy">The object.</param>
    /// <param name="defaults">The defaults of omitted fields.</param>
    public static ParsedEnforcementPolicy? Parse(EnforcementPolicy policy, EnforcementDefaults defaults) =>
        policy.Metadata.DeletionTimestamp is null ? Parse(policy.Metadata, policy.Spec, defaults) : null;

    /// <summary>Parses a spec other than the object's current one. Null if it is invalid.</summary>
    public static ParsedEnforcementPolicy? Parse(V1ObjectMeta metadata, EnforcementPolicySpec spec, EnforcementDefaults defaults) =>
        SpecRefusal(spec) is null && ParseMode(spec) is { } mode
        ? new ParsedEnforcementPolicy
        {
            Name = metadata.Name ?? "",
            Priority = spec.Priority ?? 0,
            Created = metadata.CreationTimestamp ?? DateTimeOffset.MaxValue,
            Selector = spec.NamespaceSelector ?? new V1LabelSelector(),
            Settings = Rule(metadata.Name, spec, mode, defaults),
            Spec = spec,
            Uid = metadata.Uid,
        }
        : null;

    /// <summary>The validation error. Null if it is valid.</summary>
    public static TargetResult? Validate(EnforcementPolicy policy)
    {
        var spec = policy.Spec;
        var allow = spec.Allow;
        return SpecRefusal(spec)
            ?? ExternalRefusal(allow?.External)
            ?? DeclaredPort.Validate("spec.allow.dnsPorts", allow?.DnsPorts, allowsNames: false, out _)
            ?? First("spec.allow.ingressControllers", allow?.IngressControllers, ControllerRefusal)
            ?? First("spec.allow.from", allow?.From, CallerRefusal);
    }

    /// <summary>The result for a port range that is skipped because the API server cannot store it. Null if there is none.</summary>
    public static TargetResult? ValidatePortRanges(EnforcementPolicy policy)
    {
        var allow = policy.Spec.Allow;
        return ValidatePortRanges("spec.allow.dnsPorts", allow?.DnsPorts)
            ?? First("spec.allow.from", allow?.From, (field, caller) => ValidatePortRanges($"{field}.ports", caller?.Ports));
    }

    private static TargetResult? ValidatePortRanges(string field, List<PortNumberOrName>? ports)
    {
        _ = DeclaredPort.ParseOrGetError(ports, allowsNames: true, out var parsed);
        _ = PortResolver.Resolve(parsed, [], supportsRanges: false, out var unsupported);
        return PortText.ValidateRange(unsupported, field);
    }

    private static NamespaceSettings Rule(string? name, EnforcementPolicySpec spec, EnforcementMode mode, EnforcementDefaults defaults) =>
        new(mode)
        {
            Policy = name,
            RestrictsEgress = spec.Egress ?? false,
            AllowsDns = spec.Allow?.Dns ?? true,
            DnsPorts = [.. defaults.DnsPorts.Concat(DnsPorts(spec.Allow?.DnsPorts)).Distinct().Order()],
            AllowsExternal = spec.Allow?.External is { } external ? external == ExternalModeNames.Auto : defaults.AllowsExternal,
            IngressControllers = (spec.Allow?.IngressControllers ?? [])
                .Where(controller => ControllerRefusal("", controller) is null)
                .Select(Peer)
                .ToArray(),
            From = (spec.Allow?.From ?? []).Where(caller => CallerRefusal("", caller) is null).Select(Peer).ToArray(),
            AcceptFrom = spec.AcceptFrom?.NamespaceSelector,
        };

    private static TargetResult? SpecRefusal(EnforcementPolicySpec spec) =>
        ParseMode(spec) is null
            ? TargetResult.Invalid("spec.mode", $"{TextSanitizer.Quote(spec.Mode)} is not a mode; use Enforce, Shadow or Disabled")
            : SelectorValidator.Validate("spec.namespaceSelector", spec.NamespaceSelector)
                ?? SelectorValidator.Validate("spec.acceptFrom.namespaceSelector", spec.AcceptFrom?.NamespaceSelector);

    private static TargetResult? ExternalRefusal(string? external) => external is null or ExternalModeNames.Auto or ExternalModeNames.Never
        ? null
        : TargetResult.Invalid("spec.allow.external", $"{TextSanitizer.Quote(external)} is not a setting; use Auto or Never");

    private static TargetResult? ControllerRefusal(string field, IngressController? controller) =>
        controller is null or { NamespaceSelector: null, PodSelector: null }
            ? TargetResult.Invalid(field, "no Pods are named; set namespaceSelector, podSelector or both")
            : SelectorValidator.Validate($"{field}.namespaceSelector", controller.NamespaceSelector)
                ?? SelectorValidator.Validate($"{field}.podSelector", controller.PodSelector);

    private static TargetResult? CallerRefusal(string field, AllowedCaller? caller)
    {
        if (caller is null or { NamespaceSelector: null, PodSelector: null, IpBlock: null, Ports: null or { Count: 0 } })
        {
            return TargetResult.Invalid(field, "no client is named; set namespaceSelector, podSelector, ipBlock or ports");
        }

        if (caller.IpBlock is not null && (caller.NamespaceSelector is not null || caller.PodSelector is not null))
        {
            return TargetResult.Invalid($"{field}.ipBlock", "addresses and selectors exclude each other; use an entry for each");
        }

        return BlockRefusal($"{field}.ipBlock", caller.IpBlock)
            ?? DeclaredPort.Validate($"{field}.ports", caller.Ports, allowsNames: true, out _)
            ?? SelectorValidator.Validate($"{field}.namespaceSelector", caller.NamespaceSelector)
            ?? SelectorValidator.Validate($"{field}.podSelector", caller.PodSelector);
    }

    private static TargetResult? BlockRefusal(string field, AllowedAddresses? block)
    {
        if (block is null)
        {
            return null;
        }

        if (AddressRange.Validate(block.Cidr) is { } problem)
        {
            return TargetResult.Invalid($"{field}.cidr", $"{TextSanitizer.Quote(block.Cidr)} {problem}");
        }

        for (var i = 0; i < (block.Except?.Count ?? 0); i++)
        {
            var except = block.Except![i];
            var wrong = AddressRange.Validate(except) ?? ExceptProblem(block.Cidr, except);
            if (wrong is not null)
            {
                return TargetResult.Invalid($"{field}.except[{i}]", $"{TextSanitizer.Quote(except)} {wrong}");
            }
        }

        return null;
    }

    // The API server refuses the whole policy for an exception that leaves nothing.
    private static string? ExceptProblem(string cidr, string except)
    {
        var range = IPNetwork.Parse(AddressRange.Normalize(cidr));
        var left = IPNetwork.Parse(AddressRange.Normalize(except));
        return AddressRange.Includes(left, range)
            ? "is the whole of cidr, so that no address is left; use a smaller range, or remove the entry"
            : AddressRange.Includes(range, left) ? null : $"is not inside cidr {cidr}; use a range inside it";
    }

    private static TargetResult? First<T>(string field, List<T>? entries, Func<string, T?, TargetResult?> refusal) => (entries ?? [])
        .Select((entry, index) => refusal($"{field}[{index}]", entry))
        .FirstOrDefault(found => found is not null);

    private static V1NetworkPolicyPeer Peer(IngressController controller) =>
        new() { NamespaceSelector = controller.NamespaceSelector, PodSelector = controller.PodSelector };

    private static AllowedPeer Peer(AllowedCaller caller)
    {
        _ = DeclaredPort.ParseOrGetError(caller.Ports, allowsNames: true, out var ports);
        return new AllowedPeer(caller switch
        {
            { IpBlock: { } block } => new V1NetworkPolicyPeer { IpBlock = Block(block) },
            { NamespaceSelector: null, PodSelector: null } => null,
            _ => new V1NetworkPolicyPeer { NamespaceSelector = caller.NamespaceSelector, PodSelector = caller.PodSelector },
        }, ports);
    }

    private static V1IPBlock Block(AllowedAddresses block) => new()
    {
        Cidr = AddressRange.Normalize(block.Cidr),
        Except = block.Except is { Count: > 0 } except ? except.ConvertAll(AddressRange.Normalize) : null,
    };

    private static IEnumerable<PolicyPort> DnsPorts(List<PortNumberOrName>? ports) =>
        DeclaredPort.ParseOrGetError(ports, allowsNames: false, out var parsed) is null
            ? parsed.SelectMany(port => port.ExpandForDns())
            : [];

    private static EnforcementMode? ParseMode(EnforcementPolicySpec spec) => spec.Mode switch
    {
        EnforcementModeNames.Enforce => EnforcementMode.Enforce,
        EnforcementModeNames.Shadow => EnforcementMode.Shadow,
        EnforcementModeNames.Disabled => EnforcementMode.Disabled,
        _ => null,
    };
}
