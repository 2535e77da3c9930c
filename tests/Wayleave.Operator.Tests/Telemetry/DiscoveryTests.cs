using Wayleave.Api;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Observing;
using Wayleave.Operator.Tests.Reconciling;
using Wayleave.Telemetry.Settings;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Otlp;

namespace Wayleave.Operator.Tests.Telemetry;

/// <summary>What the collector receives about the network mapper's map, from the whole operator with a fake API server.</summary>
public sealed class DiscoveryTests : IAsyncLifetime
{
    private readonly FakeCluster _cluster = Shop.Cluster();
    private OtlpCollector _collector = null!;

    public async Task InitializeAsync() => _collector = await OtlpCollector.StartAsync();

    public async Task DisposeAsync() => await _collector.DisposeAsync();

    [Fact]
    public async Task Counts_calls_by_source_and_callers_and_their_namespaces()
    {
        await RunAsync("INTENTS_DISCOVERED", () =>
        {
            See("checkout", Shop.Namespace, new DiscoveryTally { Intents = 5, Tcp = 3, SocketScan = 1, Dns = 2 });
            See("cart", Shop.Namespace, new DiscoveryTally { Intents = 1, Tcp = 1 });
            See("coredns", "kube-system", new DiscoveryTally { Intents = 2, Dns = 2 });
        });

        Counts().ShouldBe(
        [
            "INTENTS_DISCOVERED 8 of 8", "INTENTS_DISCOVERED_CAPTURE 4 of 4", "INTENTS_DISCOVERED_SOCKET_SCAN 1 of 1", "INTENTS_DISCOVERED_TCP 4 of 4",
            "NAMESPACE_DISCOVERED 2 of 2", "SERVICE_DISCOVERED 3 of 3",
        ]);
    }

    [Fact]
    public async Task Counts_nothing_of_a_map_without_tallies()
    {
        await RunAsync("INTENTS_APPLIED", () =>
        {
            See("checkout", Shop.Namespace, tally: null);
            _cluster.User.Put(Shop.Intents());
        });

        Counts().ShouldBeEmpty();
    }

    [Fact]
    public async Task Counts_nothing_of_a_map_that_is_not_read()
    {
        await RunAsync(
            "INTENTS_APPLIED",
            () =>
            {
                See("checkout", Shop.Namespace, new DiscoveryTally { Intents = 5, Tcp = 5 });
                _cluster.User.Put(Shop.Intents());
            },
            readsMap: false);

        Counts().ShouldBeEmpty();
    }

    // Waits until the operator counts, before anything happens that is to be counted.
    private async Task RunAsync(string type, Action work, bool readsMap = true)
    {
        var options = new RunningOptions
        {
            ObservedIntents = readsMap,
            Telemetry = TelemetrySettings.Default with { Endpoint = _collector.Endpoint },
        };
        await using var running = await Shop.StartAsync(_cluster, options);
        await running.UntilAsync("the start", () => IsReceived("STARTED"));
        work();
        await running.UntilAsync(type, () => IsReceived(type));
    }

    private bool IsReceived(string type) => _collector.Records.Any(record => record.EventType == type);

    private void See(string client, string @namespace, DiscoveryTally? tally)
    {
        var seen = SeenCalls.By(client, SeenCalls.To("cart"));
        (seen.Metadata.NamespaceProperty, seen.Telemetry) = (@namespace, tally);
        _cluster.User.Put(seen);
    }

    // The count of all records, and the total of the last.
    private List<string> Counts() =>
    [
        .. _collector.Records.DistinctBy(record => record.EventId).Where(record => record.EventType.Contains("DISCOVERED", StringComparison.Ordinal))
            .GroupBy(record => record.EventType, StringComparer.Ordinal)
            .Select(records => $"{records.Key} {records.Sum(record => record.Count)} of {records.Last().Attributes["total"]}")
            .Order(StringComparer.Ordinal),
    ];
}
