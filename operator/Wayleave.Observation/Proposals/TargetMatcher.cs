using System.Net;
using System.Text.Json;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Observation.Proposals;

/// <summary>Finds declared targets that were not seen.</summary>
internal sealed class TargetMatcher(MapFacts facts)
{
    /// <summary>The part of a target that no call was seen of. Null if all of it was seen.</summary>
    public UnseenTarget? FindUnseen(Declaration declaration, IReadOnlyList<SeenCall> calls)
    {
        if (declaration.Parsed.Internet is { } internet)
        {
            List<string> names =
            [
                .. internet.Domains.Where(domain => !calls.Any(call => IsDomain(domain, call))),
                .. internet.Blocks.Where(block => !calls.Any(call => HasAddress(block, call))).Select(block => block.Cidr),
            ];
            return names.Count > 0 ? new UnseenTarget(declaration, string.Join(",", names), PortsOf(internet.Ports)) : null;
        }

        var reference = declaration.Parsed.Reference;
        List<SeenCall> found = [.. calls.Where(call => IsSameServer(declaration, call))];
        if (reference is null || found.Count == 0)
        {
            return found.Count > 0 ? null : new UnseenTarget(declaration, NameOf(declaration), PortsOf(reference?.Ports ?? []));
        }

        List<DeclaredPort> unseen = [.. reference.Ports.Where(port => !found.Exists(call => IsSeen(reference, port, call)))];
        return unseen.Count > 0 ? new UnseenTarget(declaration, NameOf(declaration), PortsOf(unseen)) : null;
    }

    /// <summary>
    /// Whether a reference that names Pods by their labels means a workload. By its name, where the labels are not known.
    /// </summary>
    public bool Selects(ParsedWorkloadRef reference, WorkloadId workload) => workload.Namespace == reference.Namespace
        && (facts.FindWorkload(workload) is { } known
            ? SelectorMatch.Matches(reference.Selector!, known.PodLabels)
            : reference.Name == workload.Name);

    private static string NameOf(Declaration declaration) => declaration.Parsed.Reference is { Workload: null }
        ? $"service/{declaration.Parsed.Name}"
        : declaration.Parsed.Reference is { Workload: { Kind: { } kind } } ? $"{kind.Name().ToLowerInvariant()}/{declaration.Parsed.Name}"
        : declaration.Parsed.Name;

    private static string PortsOf(IEnumerable<DeclaredPort> ports) => string.Join(",", ports);

    private bool IsSameServer(Declaration declaration, SeenCall call) => declaration.Parsed switch
    {
        { Reference.Workload: { } server } => IsServer(server, call),
        { Reference: { } service } => IsBehind(service.Server.Namespace, service.Server.Name, call),
        _ => IsSame(declaration.Source, call.Call.Target),
    };

    private bool IsSeen(TargetReference reference, DeclaredPort declared, SeenCall call) => call.ParsedPorts.Count == 0
        || call.ParsedPorts.Any(seen => reference.Workload is null
            ? CoversServicePort(reference, declared, seen, call)
            : declared.Name is { } name ? IsNamedPort(name, seen, call) : Overlaps(declared, seen));

    private static bool Overlaps(DeclaredPort one, DeclaredPort other) => one.Name is null && other.Name is null
        && one.First <= other.Last && other.First <= one.Last && (one.Protocol ?? "TCP") == (other.Protocol ?? "TCP");

    private bool IsServer(ParsedWorkloadRef reference, SeenCall call) => call.Server is { } server
        && (reference.Selector is null
            ? reference.Namespace == server.Namespace && reference.Name == server.Name
                && (reference.Kind is not { } kind || server.Kind.Length == 0 || kind.Name() == server.Kind)
            : Selects(reference, server));

    // A policy for a Service opens its Pods, whichever address the client used.
    private bool IsBehind(string @namespace, string name, SeenCall call) =>
        (call.Call.Target.Service?.Name is { } target && IsNamed(target, @namespace, name, call))
            || (call.Call.Service is { } used && IsNamed(used, @namespace, name, call))
            || (call.Server is { } server && server.Namespace == @namespace
                && facts.FindService(@namespace, name)?.Spec?.Selector is { Count: > 0 } labels
                && facts.FindWorkload(server) is { } workload
                && SelectorMatch.Matches(new V1LabelSelector { MatchLabels = labels }, workload.PodLabels));

    private static bool IsNamed(string text, string @namespace, string name, SeenCall call)
    {
        var read = SeenCall.ReadName(text, call.Client.Namespace, kind: null);
        return read.Namespace == @namespace && read.Name == name;
    }

    private static bool Includes(DeclaredPort declared, DeclaredPort seen) => seen.Name is null
        && declared.First <= seen.First && seen.Last <= declared.Last && (declared.Protocol ?? "TCP") == (seen.Protocol ?? "TCP");

    private bool IsNamedPort(string name, DeclaredPort seen, SeenCall call) => seen.Name is not null
        ? seen.Name == name
        : call.Server is not { } server || facts.FindWorkload(server) is not { } workload
            || workload.Ports.Any(port => port.Name == name && port.Number == seen.First && !seen.IsRange
                && port.Protocol == (seen.Protocol ?? "TCP"));

    // The declaration has ports of the Service, and the call those of the Pods behind it.
    private bool CoversServicePort(TargetReference reference, DeclaredPort declared, DeclaredPort seen, SeenCall call)
    {
        var ports = facts.FindService(reference.Server.Namespace, reference.Server.Name)?.Spec?.Ports;
        if (ports is null || call.Server is null)
        {
            return call.Server is not null || Includes(declared, seen) || declared == seen;
        }

        return ports.Where(port => declared.Matches(port.Port, port.Name, port.Protocol))
            .Any(port => (port.Protocol ?? "TCP") == (seen.Protocol ?? "TCP")
                && (port.TargetPort is { Text: { } name }
                    ? IsNamedPort(name, seen, call)
                    : (port.TargetPort?.Number ?? port.Port) == seen.First));
    }

    private static bool IsDomain(string declared, SeenCall call) =>
        call.Call.Target.Internet?.Domains?.Exists(domain => DomainPattern.Includes(declared, domain)) == true;

    private static bool HasAddress(AddressBlock block, SeenCall call) =>
        (call.Call.Target.Internet?.Ips ?? []).Concat(call.Call.Addresses ?? []).Any(ip => ToBlock(ip) is { } one && block.Includes(one));

    private static AddressBlock? ToBlock(string text) => IPAddress.TryParse(text, out var address)
        ? new AddressBlock($"{address}/{address.GetAddressBytes().Length * 8}")
        : IPNetwork.TryParse(text, out var network) ? new AddressBlock(network.ToString()) : null;

    /// <summary>Whether a target has the name of what was called. It is all that can be compared without the cluster.</summary>
    public static bool IsNamedLike(Declaration declaration, SeenCall call) =>
        declaration.Parsed.Reference is { Workload: { Selector: not null } server }
        && call.Server is { } called && called.Namespace == server.Namespace && called.Name == server.Name;

    /// <summary>Whether two targets are written the same.</summary>
    public static bool IsSame(IntentTarget one, IntentTarget other) =>
        JsonSerializer.Serialize(one, ApiJson.Default.IntentTarget) == JsonSerializer.Serialize(other, ApiJson.Default.IntentTarget);
}
