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

    public async Task InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync();
        await RunAsync(["STARTED"], () => { });
    }

    public async Task DisposeAsync() => await _collector.DisposeAsync();

    [Fact]
    public async Task Counts_calls_by_source_and_callers_and_their_namespaces()
    {
        await RunAsync(["INTENTS_DISCOVERED"], () =>
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
    public async Task Counts_the_growth_and_no_deletion_across_restarts()
    {
        await RunAsync(["INTENTS_DISCOVERED"], () => See("checkout", Shop.Namespace, new DiscoveryTally { Intents = 5, Tcp = 5 }));
        See("checkout", Shop.Namespace, new DiscoveryTally { Intents = 7, Tcp = 7 });
        See("coredns", "kube-system", new DiscoveryTally { Intents = 1, Dns = 1 });
        await RunAsync(["INTENTS_DISCOVERED_CAPTURE"], () => { });
        _cluster.User.Delete<ObservedIntents>("kube-system", "deployment-coredns");
        _cluster.User.Delete<ObservedIntents>(Shop.Namespace, "deployment-checkout");

        await RunAsync(["INTENTS_DISCOVERED_SOCKET_SCAN"], () => See("cart", Shop.Namespace, new DiscoveryTally { Intents = 1, SocketScan = 1 }));

        Counts().ShouldBe(
        [
            "INTENTS_DISCOVERED 9 of 9", "INTENTS_DISCOVERED_CAPTURE 1 of 1", "INTENTS_DISCOVERED_SOCKET_SCAN 1 of 1", "INTENTS_DISCOVERED_TCP 7 of 7",
            "NAMESPACE_DISCOVERED 2 of 1", "SERVICE_DISCOVERED 3 of 1",
        ]);
    }

    [Fact]
    public async Task Counts_what_was_discovered_before_the_map_was_read()
    {
        See("checkout", Shop.Namespace, new DiscoveryTally { Intents = 5, Tcp = 5 });

        await RunAsync(["INTENTS_DISCOVERED"], () => { });

        Counts().ShouldBe(["INTENTS_DISCOVERED 5 of 5", "INTENTS_DISCOVERED_TCP 5 of 5", "NAMESPACE_DISCOVERED 1 of 1", "SERVICE_DISCOVERED 1 of 1"]);
    }

    [Fact]
    public async Task Counts_nothing_of_a_map_without_tallies_or_that_is_not_read()
    {
        await RunAsync(["INTENTS_APPLIED"], () =>
        {
            See("checkout", Shop.Namespace, tally: null);
            _cluster.User.Put(Shop.Intents());
        });
        See("cart", Shop.Namespace, new DiscoveryTally { Intents = 5, Tcp = 5 });
        await RunAsync(["INTENTS_DELETED"], () => _cluster.User.Delete<ClientIntents>(Shop.Namespace, "checkout"), isOn: false);

        Counts().ShouldBeEmpty();
    }

    // The first run has no map, as before the feature was turned on.
    private async Task RunAsync(string[] types, Action work, bool? isOn = null)
    {
        var options = new RunningOptions
        {
            ObservedIntents = isOn ?? types[0] != "STARTED",
            Telemetry = TelemetrySettings.Default with { Endpoint = _collector.Endpoint },
        };
        await using var running = await Shop.StartAsync(_cluster, options);
        work();
        await running.UntilAsync(string.Join(" and ", types), () => types.All(type => _collector.Records.Any(record => record.EventType == type)));
    }

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
