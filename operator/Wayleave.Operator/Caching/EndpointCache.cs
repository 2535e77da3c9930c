using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Caching;

/// <summary>
/// Endpoints of Services without a selector, such as <c>kubernetes.default</c>. A label selector excludes the slices that Kubernetes
/// creates for selectors, because they change with every Pod.
/// </summary>
internal sealed class EndpointCache
{
    private const string ServiceName = "kubernetes.io/service-name";
    private const string NotFromSelectors = "endpointslice.kubernetes.io/managed-by!=endpointslice-controller.k8s.io";
    private const string ByService = "service";
    private readonly List<Action<NamespacedName>> _handlers = [];

    public EndpointCache(InformerFactory informers)
    {
        Slices = informers.Create(new InformerOptions<PartialEndpointSlice>
        {
            LabelSelector = NotFromSelectors,
            Indexes = new Dictionary<string, Func<PartialEndpointSlice, IEnumerable<string>>>(StringComparer.Ordinal)
            {
                [ByService] = slice => [ServiceOf(slice).ToString()],
            },
        });
        Endpoints = informers.Create(
            new InformerOptions<PartialEndpoints> { Transform = CacheTransforms.TrimWorkload, Filter = IsFromHand });
        Slices.AddHandler(SliceChanged);
        Endpoints.AddHandler((old, now) => Changed(NamespacedName.From((now ?? old)!)));
    }

    /// <summary>Served since 1.21.</summary>
    public Informer<PartialEndpointSlice> Slices { get; }

    /// <summary>Used where slices are not served.</summary>
    public Informer<PartialEndpoints> Endpoints { get; }

    /// <summary>Adds a handler that is called for each Service whose endpoints changed. Add handlers before the informers run.</summary>
    public void AddHandler(Action<NamespacedName> handler) => _handlers.Add(handler);

    /// <summary>What is behind a Service; of a Service with a selector, nothing.</summary>
    public IReadOnlyList<EndpointGroup> Find(NamespacedName service)
    {
        var groups = Slices.Store.ByIndex(ByService, service.ToString()).Where(slice => slice.AddressType != "FQDN").Select(Group);
        return Endpoints.Store.Get(service) is { } endpoints ? [.. groups, .. (endpoints.Subsets ?? []).Select(Group)] : [.. groups];
    }

    private static EndpointGroup Group(PartialEndpointSlice slice) => new(
        (slice.Endpoints ?? []).SelectMany(endpoint => endpoint.Addresses ?? []).ToArray(),
        (slice.Ports ?? [])
            .Where(port => port.Port is not null)
            .Select(port => Port(port.Name, port.Port!.Value, port.Protocol))
            .ToArray());

    private static EndpointGroup Group(PartialEndpointSubset subset) => new(
        (subset.Addresses ?? []).Select(address => address.Ip ?? "").ToArray(),
        (subset.Ports ?? []).Select(port => Port(port.Name, port.Port, port.Protocol)).ToArray());

    private static EndpointPort Port(string? name, int port, string? protocol) =>
        new(name, new PolicyPort(protocol ?? PolicyPort.Tcp, port));

    private static NamespacedName ServiceOf(PartialEndpointSlice slice) =>
        new(slice.Metadata.NamespaceProperty ?? "", slice.Metadata.Labels.Find(ServiceName) ?? "");

    private static bool IsFromHand(PartialEndpoints endpoints) =>
        endpoints.Subsets?.TrueForAll(subset => subset.Addresses?.TrueForAll(address => address.TargetRef is null) != false) != false;

    // A slice can move to another Service, so notify for both.
    private void SliceChanged(PartialEndpointSlice? old, PartialEndpointSlice? now)
    {
        PartialEndpointSlice?[] sides = [old, now];
        foreach (var service in sides.OfType<PartialEndpointSlice>().Select(ServiceOf).Distinct())
        {
            Changed(service);
        }
    }

    private void Changed(NamespacedName service) => _handlers.ForEach(handler => handler(service));
}
