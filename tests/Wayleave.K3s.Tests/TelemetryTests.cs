using System.Net.NetworkInformation;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.K3s.Tests;

/// <summary>Telemetry of the installed chart, with a collector on this machine.</summary>
[Collection(K3sCollection.Name)]
public sealed class TelemetryTests(K3sCluster cluster)
{
    [SkippableFact]
    public async Task Telemetry_reaches_a_collector()
    {
        await using var collector = await StartCollectorAsync();
        await using var installed = await Installation.InstallAsync(cluster, EndpointOf(collector), "global.telemetry.flushInterval=1s");
        await using var shop = await Shop.OpenAsync(cluster, "checkout", "cart");

        await cluster.ApplyAsync(Yaml.Intents(shop.Namespace, "checkout", "[{kubernetes: {name: cart}}]"));

        await collector.WaitForAsync(
            received => received.Records.Any(record => record.EventType == "STARTED") && received.Records.Any(record => record.EventType == "INTENTS_APPLIED"),
            Poll.Patience, "STARTED and INTENTS_APPLIED");
    }

    [SkippableFact]
    public async Task Nothing_connects_to_the_collector_when_telemetry_is_disabled()
    {
        await using var collector = await StartCollectorAsync();
        await using var installed = await Installation.InstallAsync(
            cluster, EndpointOf(collector), "global.telemetry.flushInterval=1s", "global.telemetry.enabled=false");
        await using var shop = await Shop.OpenAsync(cluster, "checkout", "cart");

        await cluster.ApplyAsync(Yaml.Intents(shop.Namespace, "checkout", "[{kubernetes: {name: cart}}]"));
        await shop.WaitForAsync("clientintents/checkout");
        // The operator would flush what is left when it stops.
        await installed.UninstallAsync();

        collector.Connections.ShouldBe(0);
    }

    [SkippableFact]
    public async Task An_upgrade_that_disables_telemetry_ends_connections_to_the_collector()
    {
        await using var collector = await StartCollectorAsync();
        await using var installed = await Installation.InstallAsync(cluster, EndpointOf(collector), "global.telemetry.flushInterval=1s");
        await collector.WaitForAsync(received => received.Records.Any(record => record.EventType == "STARTED"), Poll.Patience, "STARTED");

        await installed.UpgradeAsync("global.telemetry.enabled=false");
        var connections = collector.Connections;
        await using var shop = await Shop.OpenAsync(cluster, "checkout", "cart");
        await cluster.ApplyAsync(Yaml.Intents(shop.Namespace, "checkout", "[{kubernetes: {name: cart}}]"));
        await shop.WaitForAsync("clientintents/checkout");
        await installed.UninstallAsync();

        collector.Connections.ShouldBe(connections);
    }

    private static string EndpointOf(OtlpCollector collector) => $"global.telemetry.endpoint={collector.Endpoint.OriginalString.TrimEnd('/')}";

    private async Task<OtlpCollector> StartCollectorAsync()
    {
        cluster.Require();
        var address = await cluster.HostAddressAsync();
        var own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(link => link.GetIPProperties().UnicastAddresses);
        Skip.IfNot(own.Any(unicast => unicast.Address.Equals(address)), $"needs a Docker engine on this machine: {address} is another's, so no Pod reaches a collector here");
        return await OtlpCollector.StartAsync(address: address);
    }
}
