using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Observed;

/// <summary>Compares the calls of a client that were seen with those that it declares. Makes no requests.</summary>
public sealed class UndeclaredCallFinder(IServerDirectory servers)
{
    /// <summary>The calls that no target declares, answered or not.</summary>
    public IReadOnlyList<UndeclaredCall> Find(ObservedIntents observed, DeclaredCalls declared) =>
        [.. Parse(observed).Select(call => FindUndeclared(call, declared)).OfType<UndeclaredCall>()];

    /// <summary>The calls of the application that were seen and not refused.</summary>
    public static IEnumerable<ParsedCall> Parse(ObservedIntents observed) =>
        observed.Calls.Select(call => ParsedCall.ParseOrNull(call, observed.Metadata.NamespaceProperty ?? "")).OfType<ParsedCall>();

    /// <summary>What of a call no target declares. Null if all of it is declared.</summary>
    public UndeclaredCall? FindUndeclared(ParsedCall call, DeclaredCalls declared)
    {
        if (call.Ports.Count == 0)
        {
            return Covers(declared, call, port: null) ? null : new UndeclaredCall(call, []);
        }

        PolicyPort[] missing = [.. call.Ports.Where(port => !Covers(declared, call, port))];
        return missing.Length == 0 ? null : new UndeclaredCall(call, missing);
    }

    private bool Covers(DeclaredCalls declared, ParsedCall call, PolicyPort? port)
    {
        if (call.Target.Internet is { } internet)
        {
            var usable = declared.Internet.Where(target => target.CoversPort(port)).ToList();
            return internet.Domains.All(domain => usable.Exists(target => target.CoversDomain(domain, call.Addresses)))
                && internet.Ranges.All(range => usable.Exists(target => target.CoversRange(range)));
        }

        return call.Target.Reference!.Server.Type == SubjectType.Service
            ? CoversService(declared, call.Target.Reference.Server, port)
            : CoversWorkload(declared, call, port);
    }

    private bool CoversWorkload(DeclaredCalls declared, ParsedCall call, PolicyPort? port)
    {
        var server = call.Target.Reference!.Workload!.Value;
        var known = server.Selector is null ? servers.FindWorkloads(server.Namespace, server.Name) : [];
        var pods = new CalledPods(server, [.. known.Where(workload => server.Kind is null || workload.Kind == server.Kind)]);
        return CoversPods(declared, pods, port)
            || declared.ServicesIn(server.Namespace).Any(target => CoversBehind(target, call, pods, port));
    }

    // Targets that name the workload, or its Pods by their labels.
    private static bool CoversPods(DeclaredCalls declared, CalledPods pods, PolicyPort? port) =>
        declared.Naming(new PolicyKey(SubjectType.Workload, pods.Server.Namespace, pods.Server.Name))
            .Where(target => target.Kind is null || pods.Server.Kind is null || target.Kind == pods.Server.Kind)
            .Concat(declared.SelectingIn(pods.Server.Namespace).Where(target => pods.AreMatched(target.Workload!.Value.Selector!)))
            .Any(target => CoversPort(target.Ports, port, pods.Known));

    // A target that names a Service in front of the workload.
    private bool CoversBehind(TargetReference target, ParsedCall call, CalledPods pods, PolicyPort? port)
    {
        var service = servers.FindService(target.Server.Namespace, target.Server.Name);
        if (service?.Spec?.Selector is not { Count: > 0 } selector)
        {
            // Which Pods are behind it is not known here; the sensor saw the address.
            return call.Service == target.Server;
        }

        if (!pods.HaveLabels(selector))
        {
            return false;
        }

        var ports = new ServicePorts(service.Spec.Ports, servers.FindBackends(service)).Find(target.Ports, out _);
        return port is not { } called
            || (ports.Count == 0 && target.Ports.Count == 0)
            || ports.Any(own => Includes(own, called, pods.Known));
    }

    private bool CoversService(DeclaredCalls declared, PolicyKey server, PolicyPort? port)
    {
        var service = servers.FindService(server.Namespace, server.Name);
        return declared.Naming(server).Any(target => IsPortOfService(target.Ports, port, service))
            || (service?.Spec?.Selector is { Count: > 0 } && CoversBackends(declared, service, port));
    }

    private bool CoversBackends(DeclaredCalls declared, PartialService service, PolicyPort? port)
    {
        var backends = servers.FindBackends(service);
        PolicyPort?[] ports = port is { } called ? [.. PodPorts(service, backends, called).Select(own => (PolicyPort?)own)] : [null];
        return backends.Count > 0 && ports.Length > 0 && backends.All(backend =>
        {
            var pods = new CalledPods(new ParsedWorkloadRef(backend.Namespace, backend.Name, backend.Kind), [backend]);
            return ports.All(own => CoversPods(declared, pods, own));
        });
    }

    // The ports of the Pods behind a port of the Service.
    private static IReadOnlyList<PolicyPort> PodPorts(PartialService service, IReadOnlyList<Workload> backends, PolicyPort called)
    {
        var port = new DeclaredPort(called.Port.Number, called.EndPort ?? called.Port.Number, called.Protocol, null);
        return new ServicePorts(service.Spec!.Ports, backends).Find([port], out _);
    }

    // A number without a protocol means all protocols of the Service on this port.
    private static bool IsPortOfService(IReadOnlyList<DeclaredPort> declared, PolicyPort? port, PartialService? service)
    {
        if (declared.Count == 0 || port is not { } called)
        {
            return true;
        }

        var (first, last, protocol) = (called.Port.Number, called.EndPort ?? called.Port.Number, called.Protocol);
        var name = service?.Spec?.Ports?.Find(own => own.Port == first && (own.Protocol ?? PolicyPort.Tcp) == protocol)?.Name;
        return declared.Any(one => one.Matches(first, name, protocol) && one.Matches(last, name, protocol));
    }

    /// <summary>Whether declared ports of Pods include a port; null for a call of which no port is known.</summary>
    public static bool CoversPort(IReadOnlyList<DeclaredPort> declared, PolicyPort? port, IReadOnlyList<Workload> pods) =>
        declared.Count == 0 || port is not { } called || declared.Any(one => Includes(one.ToPolicyPort(), called, pods));

    // What a port name means is not known without the Pod templates; it is then taken for the called port.
    private static bool Includes(PolicyPort declared, PolicyPort called, IReadOnlyList<Workload> pods)
    {
        if (declared.Port.Text is not { } name)
        {
            return declared.Includes(called);
        }

        return called.Port.Text == name
            || pods.Count == 0
            || pods.SelectMany(workload => workload.Ports).Any(port =>
                port.Name == name && port.Number == called.Port.Number && port.Protocol == called.Protocol);
    }

    /// <summary>The Pods that were called.</summary>
    /// <param name="Known">The workload as the cluster has it; empty if it has none.</param>
    private readonly record struct CalledPods(ParsedWorkloadRef Server, IReadOnlyList<Workload> Known)
    {
        public bool AreMatched(V1LabelSelector selector) => Server.Selector is { } own
            ? SelectorEquality.AreEqual(own, selector) || SelectorMatch.Matches(selector, own.MatchLabels)
            : Known.Any(workload => SelectorMatch.Matches(selector, workload.PodLabels));

        /// <summary>Whether they have all of these labels.</summary>
        public bool HaveLabels(IDictionary<string, string> labels) => Server.Selector is { } own
            ? SelectorEquality.ContainsAll(own.MatchLabels, labels)
            : Known.Any(workload => SelectorEquality.ContainsAll(workload.PodLabels, labels));
    }
}

/// <summary>A call, and the ports that no target declares; none if no port of the call is known.</summary>
public sealed record UndeclaredCall(ParsedCall Call, IReadOnlyList<PolicyPort> Ports)
{
    /// <summary>As in messages: <c>cart.shop:8080</c>.</summary>
    public override string ToString() => Call.Describe(Ports);
}

/// <summary>The servers of the cluster, for declarations that name them by a Service, by labels or by port names.</summary>
public interface IServerDirectory
{
    /// <summary>The workloads of a name, of every kind.</summary>
    IReadOnlyList<Workload> FindWorkloads(string @namespace, string name);

    /// <summary>Null if the Service does not exist.</summary>
    PartialService? FindService(string @namespace, string name);

    /// <summary>The workloads whose Pods a Service selects, as far as they are known.</summary>
    IReadOnlyList<Workload> FindBackends(PartialService service);
}
