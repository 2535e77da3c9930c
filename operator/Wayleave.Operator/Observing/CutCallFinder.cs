using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Observed;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Observing;

/// <summary>
/// Finds the answered calls that the policies of an EnforcementPolicy would cut: undeclared calls to servers that would be isolated, and,
/// if it restricts egress, undeclared calls of clients with declarations.
/// </summary>
internal sealed class CutCallFinder(ObservedCallReader observed, ClusterCache cluster, PolicyScope scope)
{
    /// <summary>Each call that would be cut, as <c>web.shop -> cart.shop:8080</c>.</summary>
    public IEnumerable<string> Find(ObservedIntents seen, IEnumerable<ParsedCall> calls)
    {
        var declared = observed.GetDeclared(seen);
        if (!declared.IsKnown)
        {
            yield break;
        }

        var caller = new Caller(seen.Metadata.NamespaceProperty ?? "", observed.FindClient(seen));
        var isRestricted = scope.Settings.RestrictsEgress && scope.Includes(caller.Namespace) && !declared.IsEmpty
            && caller.Workload?.AllPodsUseHostNetwork != true;
        foreach (var call in calls.Where(call => !call.IsUnanswered))
        {
            var missing = observed.Finder.FindUndeclared(call, declared);
            if ((isRestricted && missing is not null) || IsCutAtServer(caller, call, missing))
            {
                yield return $"{seen.Workload.Name}.{caller.Namespace} -> {call.Describe(missing?.Ports ?? call.Ports)}";
            }
        }
    }

    private bool IsCutAtServer(Caller caller, ParsedCall call, UndeclaredCall? missing)
    {
        if (call.Target.Reference is not { } server || !scope.Includes(server.Server.Namespace))
        {
            return false;
        }

        // A declaration from a namespace that is not accepted allows nothing.
        var ports = missing?.Ports ?? (IsAccepted(caller.Namespace) ? null : call.Ports);
        return ports is not null
            && !scope.Settings.From.Any(peer => Allows(peer, server.Server.Namespace, caller, ports))
            && Servers(server).Any(workload => IsIsolated(workload) && !IsOwnCall(caller, workload));
    }

    private IEnumerable<Workload> Servers(TargetReference server) => server.Server.Type == SubjectType.Service
        ? observed.FindService(server.Server.Namespace, server.Server.Name) is { } service ? observed.FindBackends(service) : []
        : observed.FindWorkloads(server.Server.Namespace, server.Server.Name)
            .Where(workload => server.Kind is null || workload.Kind == server.Kind);

    private bool IsIsolated(Workload server) =>
        !server.AllPodsUseHostNetwork
        && !cluster.Network.Current.SelectsDns(server.Namespace, server.PodSelector)
        && (Protections(server).Any() || IsDeclared(server));

    private IEnumerable<ParsedProtectedService> Protections(Workload server) => cluster.Protections.Store
        .ByIndex(Indexers.Server, WorkloadKey(server))
        .Concat(cluster.Protections.Store.ByIndex(Indexers.Selector, server.Namespace))
        .Select(protection => protection.Parse())
        .Where(protection => protection.Server is not null && protection.Workload is { } named && Names(named, server));

    // By its name, by the labels of its Pods, or by a Service in front of it.
    private bool IsDeclared(Workload server) =>
        Accepted(Indexers.Server, WorkloadKey(server)).Concat(Accepted(Indexers.Selector, server.Namespace))
            .SelectMany(intents => intents.Parse().Targets)
            .Any(target => target.Reference?.Workload is { } named && Names(named, server))
        || cluster.Services.Store.ServicesFor(server.Namespace, server.PodLabels).Any(service => Accepted(
            Indexers.Server, new PolicyKey(SubjectType.Service, server.Namespace, service.Metadata.Name ?? "").ToString()).Any());

    private IEnumerable<ClientIntents> Accepted(string index, string value) =>
        cluster.Intents.Store.ByIndex(index, value).Where(intents => IsAccepted(intents.Metadata.NamespaceProperty ?? ""));

    private bool IsAccepted(string @namespace) =>
        scope.Settings.AcceptFrom is not { } selector || SelectorMatch.Matches(selector, LabelsOf(@namespace));

    // The Pods of a server may call each other, unless a protection says otherwise.
    private bool IsOwnCall(Caller caller, Workload server) =>
        caller.Workload is { } own && own.Kind == server.Kind && own.Name == server.Name && own.Namespace == server.Namespace
        && Protections(server).All(protection => protection.AllowsOwnPods);

    private bool Allows(AllowedPeer peer, string server, Caller caller, IReadOnlyList<PolicyPort> ports) =>
        (peer.Peer is null || IsPeer(peer.Peer, server, caller))
        && ports.All(port => UndeclaredCallFinder.CoversPort(peer.Ports, port, []));

    // Addresses are those of clients that are no Pods.
    private bool IsPeer(V1NetworkPolicyPeer peer, string server, Caller caller) =>
        peer.IpBlock is null
        && (peer.NamespaceSelector is { } namespaces
            ? SelectorMatch.Matches(namespaces, LabelsOf(caller.Namespace))
            : caller.Namespace == server)
        && (peer.PodSelector is not { } pods || SelectorMatch.Matches(pods, caller.Workload?.PodLabels));

    private IDictionary<string, string>? LabelsOf(string @namespace) =>
        cluster.Namespaces.Store.Get(new NamespacedName("", @namespace))?.Metadata.Labels;

    private static bool Names(ParsedWorkloadRef named, Workload server) => named.Namespace == server.Namespace
        && (named.Selector is { } selector
            ? SelectorMatch.Matches(selector, server.PodLabels)
            : named.Name == server.Name && (named.Kind is null ? !server.IsOwned : named.Kind == server.Kind));

    private static string WorkloadKey(Workload server) => new PolicyKey(SubjectType.Workload, server.Namespace, server.Name).ToString();

    /// <param name="Namespace">Its namespace.</param>
    /// <param name="Workload">Null if it does not exist now.</param>
    private readonly record struct Caller(string Namespace, Workload? Workload);
}
