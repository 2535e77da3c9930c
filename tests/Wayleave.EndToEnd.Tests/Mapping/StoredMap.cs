using k8s;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>A stored port of a target.</summary>
internal readonly record struct StoredCall(int Rank);

/// <summary>All ObservedIntents of a cluster as calls.</summary>
internal sealed class StoredMap
{
    private StoredMap(IEnumerable<ObservedIntents> objects)
    {
        foreach (var stored in objects)
        {
            Objects++;
            var client = $"{stored.Metadata.NamespaceProperty}/{stored.Workload.Kind}/{stored.Workload.Name}";
            stored.Calls.ForEach(call => Add(client, stored.Metadata.NamespaceProperty!, call));
        }
    }

    public int Objects { get; private set; }

    public Dictionary<CallName, StoredCall> Calls { get; } = [];

    /// <summary>First and last of each target.</summary>
    public Dictionary<(string Client, string Target), (DateTimeOffset First, DateTimeOffset Last)> Times { get; } = [];

    /// <summary>Calls that more than one item has.</summary>
    public List<CallName> Duplicates { get; } = [];

    /// <summary>The map as it is stored now.</summary>
    public static async Task<StoredMap> ReadAsync(TestCluster cluster, CancellationToken cancellationToken) =>
        new((await cluster.Client.ListAsync<ObservedIntents>(new ListOptions(), cancellationToken)).Items);

    /// <summary>Whether the call is stored. Of a domain without a port, another port is as good.</summary>
    public bool Has(CallName call) => call.Port == 0 ? Times.ContainsKey((call.Client, call.Target)) : Calls.ContainsKey(call);

    private void Add(string client, string @namespace, ObservedCall call)
    {
        var (target, ports) = call.Target switch
        {
            { Kubernetes: { } workload } => (NameOf(workload, @namespace), workload.Ports),
            { Internet: { Domains: [var domain] } internet } => (domain, internet.Ports),
            { Internet: { Ips: [var range] } internet } => (range, internet.Ports),
            { Service: { } service } => ($"service {service.Name}", service.Ports),
            _ => ("nothing", null),
        };
        foreach (var port in ports is { Count: > 0 } ? ports.Select(port => port.Number) : [0])
        {
            if (!Calls.TryAdd(new CallName(client, target, port), new StoredCall(ObservedRanks.RankOf(call.Outcome))))
            {
                Duplicates.Add(new CallName(client, target, port));
            }
        }

        Times[(client, target)] = (Utc(call.First), Utc(call.Last));
    }

    private static string NameOf(KubernetesTarget workload, string @namespace) =>
        workload.Name.LastIndexOf('.') is > 0 and var dot
            ? $"{workload.Name[(dot + 1)..]}/{workload.Kind}/{workload.Name[..dot]}"
            : $"{@namespace}/{workload.Kind}/{workload.Name}";

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}

/// <summary>Looks at the stored map all the time: it may only grow.</summary>
internal sealed class MapObserver(TestCluster cluster, CallModel model)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly HashSet<CallName> _seen = [];

    /// <summary>All calls that were ever stored.</summary>
    public IReadOnlySet<CallName> Seen
    {
        get
        {
            lock (_lock)
            {
                return _seen.ToHashSet();
            }
        }
    }

    public bool HasSeen(CallName call)
    {
        lock (_lock)
        {
            return _seen.Contains(call);
        }
    }

    public async Task RunAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                Observe(await StoredMap.ReadAsync(cluster, over));
                await Task.Delay(_interval, over);
            }
            catch (Exception error) when (error is HttpRequestException or KubernetesException or TimeoutException or IOException
                || (error is OperationCanceledException && over.IsCancellationRequested))
            {
                // The API server is away, or the test is over.
            }
        }
    }

    private void Observe(StoredMap stored)
    {
        lock (_lock)
        {
            foreach (var call in _seen.Where(call => !stored.Has(call)))
            {
                model.AddProblem($"{call} was stored, and was missing at {DateTime.UtcNow:HH:mm:ss.fff}");
            }

            _seen.RemoveWhere(call => !stored.Has(call));
            _seen.UnionWith(stored.Calls.Keys);
        }
    }
}
