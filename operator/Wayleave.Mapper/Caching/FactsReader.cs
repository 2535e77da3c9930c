using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using k8s.Models;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Observation.Resolution;

namespace Wayleave.Mapper.Caching;

/// <summary>Source-generated JSON of the kinds that are read with their addresses.</summary>
[JsonSerializable(typeof(AddressedPod))]
[JsonSerializable(typeof(AddressedService))]
[JsonSerializable(typeof(AddressedNode))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class AddressedJson : JsonSerializerContext;

/// <summary>Reads objects of the API server as facts. What cannot be read is left out.</summary>
internal static class FactsReader
{
    /// <summary>The annotation of the mirror of a static Pod: the UID that the kubelet gave it.</summary>
    public const string StaticUid = "kubernetes.io/config.mirror";

    private const string ServiceName = "kubernetes.io/service-name";
    private const string Tcp = "TCP";

    /// <summary>Null for a Pod whose UID is not one.</summary>
    public static PodFacts? ReadPod(AddressedPod pod)
    {
        if (!Guid.TryParse(pod.Metadata.Uid, out var uid))
        {
            return null;
        }

        return new PodFacts
        {
            Uid = uid,
            StaticUid = Guid.TryParse(pod.Metadata.Annotations.Find(StaticUid), out var hash) ? hash : null,
            Namespace = pod.Metadata.NamespaceProperty ?? "",
            Name = pod.Metadata.Name ?? "",
            Node = pod.Spec?.NodeName,
            IsHostNetwork = pod.Spec?.HostNetwork == true,
            IsFinished = pod.Status?.Phase is "Succeeded" or "Failed",
            Addresses = ReadAddresses(pod.Status?.PodIPs?.Select(ip => ip.Ip)),
            StartedAt = ReadStart(pod.Status),
            Controller = ReadController(pod.Metadata),
            Labels = (pod.Metadata.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal))
                .ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }

    /// <summary>What controls an object. Null for nothing.</summary>
    public static ControllerReference? ReadController(V1ObjectMeta metadata) =>
        metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true) is { } controller
            ? new ControllerReference(controller.ApiVersion, controller.Kind, controller.Name, controller.Uid)
            : null;

    public static ServiceFacts ReadService(AddressedService service) => new()
    {
        Key = KeyOf(service.Metadata),
        ClusterAddresses = ReadAddresses((service.Spec?.ClusterIPs ?? []).Append(service.Spec?.ClusterIP)),
        ExternalAddresses = ReadAddresses(
            (service.Spec?.ExternalIPs ?? []).Concat(service.Status?.LoadBalancer?.Ingress?.Select(ingress => ingress.Ip) ?? [])),
        Ports =
        [
            .. (service.Spec?.Ports ?? [])
                .Where(port => (port.Protocol ?? Tcp) == Tcp)
                .Select(port => new ServicePortFacts(port.Name ?? "", port.Port, port.NodePort ?? 0, TargetPortOf(port))),
        ],
        CreatedAt = ReadTime(service.Metadata.CreationTimestamp),
    };

    public static NodeFacts ReadNode(AddressedNode node) => new(
        node.Metadata.Name ?? "",
        ReadAddresses(node.Status?.Addresses?.Select(address => address.Address)),
        [
            .. (node.Spec?.PodCIDRs ?? [])
                .Select(text => IPNetwork.TryParse(text, out var range) ? range : (IPNetwork?)null)
                .OfType<IPNetwork>(),
        ]);

    public static EndpointFacts ReadSlice(PartialEndpointSlice slice) => new(
        new ObjectKey(slice.Metadata.NamespaceProperty ?? "", slice.Metadata.Labels.Find(ServiceName) ?? ""),
        ReadAddresses(slice.Endpoints?.SelectMany(endpoint => endpoint.Addresses ?? [])),
        [
            .. (slice.Ports ?? [])
                .Where(port => port.Port is not null && (port.Protocol ?? Tcp) == Tcp)
                .Select(port => new EndpointPortFacts(port.Name ?? "", port.Port!.Value)),
        ]);

    /// <summary>All subsets together: which of them has which port matters to no call.</summary>
    public static EndpointFacts ReadEndpoints(PartialEndpoints endpoints) => new(
        KeyOf(endpoints.Metadata),
        ReadAddresses(endpoints.Subsets?.SelectMany(subset => subset.Addresses ?? []).Select(address => address.Ip)),
        [
            .. (endpoints.Subsets ?? [])
                .SelectMany(subset => subset.Ports ?? [])
                .Where(port => (port.Protocol ?? Tcp) == Tcp)
                .Select(port => new EndpointPortFacts(port.Name ?? "", port.Port))
                .Distinct(),
        ]);

    public static ObjectKey KeyOf(V1ObjectMeta metadata) => new(metadata.NamespaceProperty ?? "", metadata.Name ?? "");

    /// <summary>The IPv4 address of an IPv4-mapped IPv6 address. Any other address is returned as it is.</summary>
    public static IPAddress Normalize(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static int? TargetPortOf(AddressedServicePort port) =>
        port.TargetPort is not { } target ? port.Port : target.Text is null && target.Number > 0 ? target.Number : null;

    // "None" of a headless Service, and host names of nodes, are no addresses.
    private static ImmutableArray<IPAddress> ReadAddresses(IEnumerable<string?>? texts) =>
    [
        .. (texts ?? [])
            .Select(text => IPAddress.TryParse(text, out var address) ? Normalize(address) : null)
            .OfType<IPAddress>()
            .Distinct(),
    ];

    private static DateTimeOffset? ReadStart(AddressedPodStatus? status) => ReadTime(
        (status?.InitContainerStatuses ?? []).Concat(status?.ContainerStatuses ?? [])
            .Select(container => container.State?.Running?.StartedAt ?? container.State?.Terminated?.StartedAt)
            .Min());

    private static DateTimeOffset? ReadTime(DateTime? time) =>
        time is { } known ? new DateTimeOffset(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : null;
}
