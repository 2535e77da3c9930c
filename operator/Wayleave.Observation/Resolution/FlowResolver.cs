using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using Wayleave.Api;
using Wayleave.Api.Schema;

namespace Wayleave.Observation.Resolution;

/// <summary>
/// Resolves flows and answers to calls between workloads, as the cluster was when they were seen. Pure: the result depends on the history
/// alone. Not thread-safe.
/// </summary>
/// <param name="cluster">What had which address when.</param>
/// <param name="names">What clients asked DNS for.</param>
/// <param name="infrastructureNamespaces">Calls from or to these are marked as infrastructure.</param>
internal sealed class FlowResolver(ClusterHistory cluster, NameHistory names, IReadOnlySet<string> infrastructureNamespaces)
{
    private const int DnsPort = 53;

    /// <param name="node">The node of the sensor.</param>
    /// <param name="isLast">Whether it waited long enough: what is not known now is not known at all.</param>
    public FlowResolution Resolve(string node, ObservedFlow flow, bool isLast) =>
        TryFindClient(node, flow.Client, flow.Last, out var client, out var failure) ? ResolveServer(client, flow, isLast) : failure;

    /// <summary>
    /// Remembers an answer. An answer for a name outside the cluster is a call too, without a connection: it says where the client may call
    /// before it does. The parameters are those of a flow.
    /// </summary>
    public FlowResolution Resolve(string node, ObservedAnswer answer)
    {
        if (!TryFindClient(node, answer.Client, answer.At, out var client, out var failure))
        {
            return failure;
        }

        names.Add(client, answer);
        var isOutside = !IsClusterName(answer.Name) && IsDomain(answer.Name)
            && !answer.Addresses.IsEmpty && !answer.Addresses.Any(address => IsInCluster(address, answer.At));
        return isOutside
            ? new FlowResolution
            {
                Calls =
                [
                    new CallSighting
                    {
                        Client = client,
                        Target = CallTarget.Domain(answer.Name),
                        Source = ObservedSources.Dns,
                        IsInfrastructure = infrastructureNamespaces.Contains(client.Namespace),
                        First = answer.At,
                        Last = answer.At,
                        Addresses = answer.Addresses,
                    },
                ],
            }
            : new FlowResolution();
    }

    private bool TryFindClient(
        string node, ObservedClient client, DateTimeOffset at, out WorkloadKey workload, out FlowResolution failure)
    {
        workload = default;
        var pod = client.PodUid is { } uid
            ? cluster.FindPod(uid)
            : client.Addresses.Select(address => cluster.FindPod(address, at)).FirstOrDefault(found => found is not null);
        if (pod is not { Node: not null })
        {
            failure = client.PodUid is not null ? FlowResolution.Wait(UnresolvedReason.UnknownPod)
                : client.IsHostNetwork || client.Addresses.Any(address => cluster.IsNode(address, at))
                    ? FlowResolution.Drop(UnresolvedReason.NodeClient)
                    : FlowResolution.Wait(UnresolvedReason.UnknownClient);
            return false;
        }

        // A sensor speaks of the Pods of its own node, also when it gives an address instead of a UID.
        failure = pod.Node != node ? FlowResolution.Drop(UnresolvedReason.OtherNode) : FlowResolution.Wait(UnresolvedReason.UnknownOwner);
        if (pod.Node != node || !cluster.TryFindWorkload(pod, out var found))
        {
            return false;
        }

        workload = found.Key;
        return true;
    }

    private FlowResolution ResolveServer(WorkloadKey client, ObservedFlow flow, bool isLast)
    {
        var at = flow.Last;
        var (answering, port) = flow.BackendAddress is { } backend ? (backend, flow.BackendPort) : (flow.CalledAddress, flow.CalledPort);
        var service = cluster.Services.Find(flow.CalledAddress, flow.CalledPort, at)
            ?? (cluster.IsNode(flow.CalledAddress, at) ? cluster.Services.FindByNodePort(flow.CalledPort) : null);
        if ((service is not null && ServiceHistory.IsApiServer(service.Key)) || cluster.Services.IsApiServer(answering, port))
        {
            return ToApiServer(client, flow);
        }

        if (cluster.FindPod(answering, at) is { } pod)
        {
            return cluster.TryFindWorkload(pod, out var workload)
                ? Found(ToWorkload(client, flow, workload, [port], service?.Key))
                : Missing(UnresolvedReason.UnknownOwner, isLast);
        }

        var isNode = cluster.IsNode(answering, at);
        if (service is not null)
        {
            return isNode || isLast || flow.BackendAddress is null
                ? ToService(client, flow, service, isLast)
                : FlowResolution.Wait(UnresolvedReason.UnknownAddress);
        }

        return isNode ? FlowResolution.Drop(UnresolvedReason.NodeServer)
            : IsLocal(flow.CalledAddress) ? FlowResolution.Drop(UnresolvedReason.LocalAddress)
            : ToOutside(client, flow, isLast);
    }

    // Who calls the API server declares the Service, whichever of its addresses was called.
    private FlowResolution ToApiServer(WorkloadKey client, ObservedFlow flow)
    {
        var service = cluster.Services.ApiServer;
        var port = service?.Ports.Any(known => known.Port == flow.CalledPort) == true
            ? flow.CalledPort
            : service?.Ports.FirstOrDefault().Port ?? 0;
        return Found(ToService(client, flow, new ObjectKey("default", "kubernetes"), port) with
        {
            IsInfrastructure = infrastructureNamespaces.Contains(client.Namespace),
        });
    }

    // Without the address that answered, any workload behind the Service may be meant. Without Pods, the Service itself is.
    private FlowResolution ToService(WorkloadKey client, ObservedFlow flow, ServiceFacts service, bool isLast)
    {
        var workloads = new Dictionary<WorkloadKey, WorkloadIdentity>();
        foreach (var address in cluster.Services.EndpointsOf(service.Key).SelectMany(endpoints => endpoints.Addresses))
        {
            if (cluster.FindPod(address, flow.Last) is not { } pod)
            {
                continue;
            }

            if (cluster.TryFindWorkload(pod, out var workload))
            {
                workloads[workload.Key] = workload;
            }
            else if (!isLast)
            {
                return FlowResolution.Wait(UnresolvedReason.UnknownOwner);
            }
        }

        if (workloads.Count == 0)
        {
            var known = service.Ports.FirstOrDefault(port => port.Port == flow.CalledPort || port.NodePort == flow.CalledPort);
            return Found(ToService(client, flow, service.Key, known.Port > 0 ? known.Port : flow.CalledPort));
        }

        var ports = cluster.Services.TargetPortsOf(service, flow.CalledPort);
        return Found([.. workloads.Values.Select(workload => ToWorkload(client, flow, workload, ports, service.Key) with
        {
            IsAmbiguous = workloads.Count > 1,
        })]);
    }

    // A flow that was reported before the answer of DNS, or before the Pod was seen, must not become another call.
    private FlowResolution ToOutside(WorkloadKey client, ObservedFlow flow, bool isLast)
    {
        var name = names.Find(client, flow.CalledAddress, flow.Last);
        if (name is not null && IsClusterName(name))
        {
            return Missing(UnresolvedReason.UnknownAddress, isLast);
        }

        if (name is not null && IsDomain(name))
        {
            return Found(Sighting(client, flow, CallTarget.Domain(name), [flow.CalledPort]) with { Addresses = [flow.CalledAddress] });
        }

        return !isLast || cluster.IsInPodRange(flow.CalledAddress)
            ? Missing(UnresolvedReason.UnknownAddress, isLast)
            : Found(Sighting(client, flow, CallTarget.Address(flow.CalledAddress), [flow.CalledPort]) with
            {
                IsInfrastructure = infrastructureNamespaces.Contains(client.Namespace)
                    || (flow.CalledPort == DnsPort && IsLinkLocal(flow.CalledAddress)),
            });
    }

    private CallSighting ToWorkload(
        WorkloadKey client, ObservedFlow flow, WorkloadIdentity workload, ImmutableArray<int> ports, ObjectKey? service) =>
        Sighting(client, flow, CallTarget.Workload(workload), ports) with { Labels = workload.Labels, Service = service };

    private CallSighting ToService(WorkloadKey client, ObservedFlow flow, ObjectKey service, int port) =>
        Sighting(client, flow, CallTarget.Service(service), port > 0 ? [port] : []) with { Service = service };

    private CallSighting Sighting(WorkloadKey client, ObservedFlow flow, CallTarget target, ImmutableArray<int> ports) => new()
    {
        Client = client,
        Target = target,
        Ports = ports,
        IsInfrastructure = infrastructureNamespaces.Contains(client.Namespace) || infrastructureNamespaces.Contains(target.Namespace),
        Source = flow.Source,
        Connected = flow.Connected,
        Refused = flow.Refused,
        Unanswered = flow.Unanswered,
        First = flow.First,
        Last = flow.Last,
    };

    private bool IsInCluster(IPAddress address, DateTimeOffset at) =>
        cluster.FindPod(address, at) is not null
        || cluster.IsNode(address, at)
        || cluster.IsInPodRange(address)
        || cluster.Services.HasAddress(address, at)
        || IsLocal(address);

    private static FlowResolution Found(params ImmutableArray<CallSighting> calls) => new() { Calls = calls };

    private static FlowResolution Missing(UnresolvedReason reason, bool isLast) =>
        isLast ? FlowResolution.Drop(reason) : FlowResolution.Wait(reason);

    private static bool IsClusterName(string name) =>
        name.EndsWith(".svc", StringComparison.Ordinal) || name.Contains(".svc.", StringComparison.Ordinal);

    // What a declaration cannot have, such as a name with an underscore, is recorded by its address.
    private static bool IsDomain(string name) => name.Length <= 253 && DomainPattern.IsMatch(name);

    private static Regex DomainPattern { get; } =
        new(Patterns.Domain, RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    // Link-local IPv4 addresses are called: metadata services of clouds have one.
    private static bool IsLocal(IPAddress address) =>
        IPAddress.IsLoopback(address)
        || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Broadcast)
        || address.IsIPv6Multicast || address.IsIPv6LinkLocal
        || (address.GetAddressBytes() is [>= 224, ..] and { Length: 4 });

    private static bool IsLinkLocal(IPAddress address) => address.GetAddressBytes() is [169, 254, _, _];
}
