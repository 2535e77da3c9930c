using System.Collections.Immutable;
using System.Net;

namespace Wayleave.Observation.Resolution;

/// <summary>Services by their addresses, and what is behind them. Not thread-safe.</summary>
internal sealed class ServiceHistory
{
    private const int SomePort = -1;
    private const int MaxUses = 500_000;
    private const int MaxTombstones = 100_000;
    private static readonly TimeSpan _retention = TimeSpan.FromMinutes(30);
    private static readonly ObjectKey _apiServer = new("default", "kubernetes");

    private readonly AddressHistory<ObjectKey> _addresses = new(_retention, MaxUses);
    private readonly Tombstones<ObjectKey, ServiceFacts> _services = new(_retention, MaxTombstones);
    private readonly Dictionary<int, ObjectKey> _nodePorts = [];
    private readonly Dictionary<ObjectKey, EndpointFacts> _endpoints = [];
    private readonly Dictionary<ObjectKey, HashSet<ObjectKey>> _endpointsByService = [];

    /// <summary>The Service of the API server.</summary>
    public ServiceFacts? ApiServer => _services.Find(_apiServer);

    public static bool IsApiServer(ObjectKey service) => service == _apiServer;

    /// <summary>Adds or replaces a Service.</summary>
    public void Set(ServiceFacts service, DateTimeOffset now)
    {
        var old = _services.Find(service.Key);
        _services.Set(service.Key, service);
        _addresses.Replace(KeysOf(old), KeysOf(service), service.Key, service.CreatedAt ?? now, now);
        ReplaceNodePorts(old, service);
    }

    public void Remove(ObjectKey key, DateTimeOffset now)
    {
        if (_services.Find(key) is not { } service)
        {
            return;
        }

        _services.Remove(key, now);
        _addresses.Replace(KeysOf(service), [], key, now, now);
        ReplaceNodePorts(service, now: null);
    }

    /// <summary>Adds or replaces an EndpointSlice or Endpoints.</summary>
    public void SetEndpoints(ObjectKey source, EndpointFacts endpoints)
    {
        RemoveEndpoints(source);
        _endpoints[source] = endpoints;
        if (!_endpointsByService.TryGetValue(endpoints.Service, out var sources))
        {
            _endpointsByService[endpoints.Service] = sources = [];
        }

        sources.Add(source);
    }

    public void RemoveEndpoints(ObjectKey source)
    {
        if (_endpoints.Remove(source, out var old) && _endpointsByService.TryGetValue(old.Service, out var sources))
        {
            sources.Remove(source);
            if (sources.Count == 0)
            {
                _endpointsByService.Remove(old.Service);
            }
        }
    }

    /// <summary>The Service that had an address and port of its own at that time. Null if there was none.</summary>
    public ServiceFacts? Find(IPAddress address, int port, DateTimeOffset at) =>
        _addresses.TryFind(new AddressKey(address, port), at, out var key) || _addresses.TryFind(new AddressKey(address), at, out key)
            ? _services.Find(key)
            : null;

    /// <summary>Whether a Service had the address at that time, at whatever port.</summary>
    public bool HasAddress(IPAddress address, DateTimeOffset at) =>
        _addresses.TryFind(new AddressKey(address), at, out _) || _addresses.TryFind(new AddressKey(address, SomePort), at, out _);

    /// <summary>The Service that every node answers for at a port. Null if there is none.</summary>
    public ServiceFacts? FindByNodePort(int port) => _nodePorts.TryGetValue(port, out var key) ? _services.Find(key) : null;

    /// <summary>What is behind a Service now.</summary>
    public IEnumerable<EndpointFacts> EndpointsOf(ObjectKey service) =>
        (_endpointsByService.GetValueOrDefault(service) ?? []).Select(source => _endpoints[source]);

    /// <summary>Whether the API server listens there.</summary>
    public bool IsApiServer(IPAddress address, int port) => EndpointsOf(_apiServer).Any(endpoints =>
        endpoints.Addresses.Contains(address) && endpoints.Ports.Any(known => known.Port == port));

    /// <summary>The ports of the Pods for a called port of a Service. Of one that the Service does not have, the same port.</summary>
    public ImmutableArray<int> TargetPortsOf(ServiceFacts service, int calledPort)
    {
        var ports = service.Ports.Where(port => port.Port == calledPort || (port.NodePort == calledPort && calledPort != 0)).ToList();
        var targets = ports
            .SelectMany(port => EndpointsOf(service.Key).SelectMany(endpoints => endpoints.Ports).Where(known => known.Name == port.Name))
            .Select(known => known.Port)
            .Concat(ports.Select(port => port.TargetPort ?? 0))
            .Where(port => port > 0)
            .Distinct()
            .ToImmutableArray();
        return targets.IsEmpty ? [calledPort] : targets;
    }

    internal void Sweep(DateTimeOffset now)
    {
        _addresses.Sweep(now);
        _services.Sweep(now);
    }

    // A cluster address belongs to one Service. One outside the cluster can be shared.
    private static List<AddressKey> KeysOf(ServiceFacts? service) => service is null ? [] :
    [
        .. service.ClusterAddresses.Select(address => new AddressKey(address)),
        .. service.ExternalAddresses.SelectMany(address => service.Ports.Select(port => new AddressKey(address, port.Port))),
        .. service.ExternalAddresses.Select(address => new AddressKey(address, SomePort)),
    ];

    private void ReplaceNodePorts(ServiceFacts? old, ServiceFacts? now)
    {
        foreach (var port in old?.Ports ?? [])
        {
            if (_nodePorts.TryGetValue(port.NodePort, out var owner) && owner == old!.Key)
            {
                _nodePorts.Remove(port.NodePort);
            }
        }

        foreach (var port in now?.Ports ?? [])
        {
            if (port.NodePort > 0)
            {
                _nodePorts[port.NodePort] = now!.Key;
            }
        }
    }
}
