using System.Text.Json;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Telemetry;

/// <summary>The ledger, a ConfigMap that keeps counts and ids across restarts and outages and shows them.</summary>
[Collection(LedgerCollection.Name)]
public sealed class LedgerTests(TelemetryCluster cluster)
{
    [Fact]
    public async Task Keeps_ids_and_totals_across_a_restart()
    {
        await using var stage = await cluster.SetAsync();
        var first = await stage.StartAsync();
        await stage.ApplyOneAsync("cart");
        await stage.DeleteOneAsync("cart");
        await stage.WaitForAsync("INTENTS_DELETED", 1);
        await first.StopAsync();

        var second = await stage.StartAsync();
        await stage.WaitForAsync("STARTED", 2);
        await stage.ApplyOneAsync("orders");
        await stage.DeleteOneAsync("orders");
        await stage.WaitForAsync("INTENTS_DELETED", 2);
        await second.StopAsync();

        stage.Records.Select(record => record.Attributes["component.instance.id"]).Distinct().Count().ShouldBe(1);
        stage.Records.Select(record => record.Attributes["context.id"]).Distinct().Count().ShouldBe(1);
        (stage.Count("NETWORK_POLICIES_CREATED"), stage.Count("NETWORK_POLICIES_DELETED")).ShouldBe((2, 2));
        (stage.Total("INTENTS_DELETED"), stage.Total("NETWORK_POLICIES_DELETED")).ShouldBe((2, 2));
    }

    [Fact]
    public async Task Counts_nothing_twice_after_a_restart()
    {
        await using var stage = await cluster.SetAsync();
        var first = await stage.StartAsync();
        await stage.ApplyOneAsync("cart");
        await stage.WaitForAsync("INTENTS_APPLIED", 1);
        await first.StopAsync();

        var second = await stage.StartAsync();
        await second.WaitUntilIdleAsync(2);
        await stage.ApplyOneAsync("orders");
        await second.StopAsync();

        (stage.Count("INTENTS_APPLIED"), stage.Total("INTENTS_APPLIED")).ShouldBe((2, 2));
        (stage.Count("NETWORK_POLICIES_CREATED"), stage.Total("NETWORK_POLICIES_CREATED")).ShouldBe((2, 2));
    }

    [Fact]
    public async Task The_ledger_shows_the_last_batch_that_was_sent()
    {
        await using var stage = await cluster.SetAsync();
        var running = await stage.StartAsync();
        await stage.ApplyOneAsync("cart");
        await stage.WaitForAsync("INTENTS_APPLIED", 1);
        await running.StopAsync();

        var ledger = await KubectlAsync(stage);
        var sent = stage.Collector.Requests[^1].Records;
        var acknowledged = Parse(ledger["acknowledged"]);
        ledger["instance-id"].ShouldBe(sent[0].Attributes["component.instance.id"]);
        ledger["sequence"].ShouldBe($"{stage.Collector.Requests.Count}");
        acknowledged.GetProperty("sequence").GetInt64().ShouldBe(stage.Collector.Requests.Count);
        EventIds(acknowledged).ShouldBe(sent.Select(record => record.EventId));
        acknowledged.GetProperty("records")[0].GetProperty("attributes").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.ToString())
            .ShouldBe(sent[0].Attributes.ToDictionary(entry => entry.Key, entry => $"{entry.Value}"), ignoreOrder: true);
        Counts(ledger).ShouldBeEmpty();
        ledger.Keys.ShouldNotContain("in-flight");
        Parse(ledger["totals"]).GetProperty("NETWORK_POLICIES_CREATED").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Retries_the_same_batch_and_accumulates_counts_while_the_collector_fails()
    {
        await using var stage = await cluster.SetAsync();
        stage.Collector.Otherwise = OtlpAnswer.Status(503);
        await stage.StartAsync();
        await stage.Collector.WaitForAsync(collector => collector.Requests.Count == 1, Poll.Patience, "a first attempt");
        await stage.ApplyOneAsync("cart");
        await stage.ApplyOneAsync("orders");
        await Poll.UntilAsync("both in the ledger", async _ => Counts((await stage.ReadLedgerAsync())!).GetValueOrDefault("INTENTS_APPLIED") == 2, Poll.Patience, default);

        var waiting = await KubectlAsync(stage);
        Counts(waiting).ShouldBe(new Dictionary<string, long> { ["INTENTS_APPLIED"] = 2, ["NETWORK_POLICIES_CREATED"] = 2 }, ignoreOrder: true);
        EventIds(Parse(waiting["in-flight"])).ShouldBe(stage.Collector.Requests[0].Records.Select(record => record.EventId));

        stage.Collector.Otherwise = OtlpAnswer.Accept;
        await stage.WaitForAsync("INTENTS_APPLIED", 2);
        var attempts = stage.Collector.Requests;
        attempts.Count.ShouldBeGreaterThanOrEqualTo(3);
        attempts.SkipLast(1).Select(Ids).Distinct().Count().ShouldBe(1);
        attempts.SkipLast(1).Select(attempt => Convert.ToHexString(attempt.Body)).Distinct().Count().ShouldBe(1);
        attempts[0].Records.Select(record => record.EventType).ShouldBe(["STARTED"]);
        attempts[^1].Records.ToDictionary(record => record.EventType, record => record.Count)
            .ShouldBe(new Dictionary<string, long> { ["INTENTS_APPLIED"] = 2, ["NETWORK_POLICIES_CREATED"] = 2 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Logs_an_unreachable_collector_once_and_loses_no_count()
    {
        await using var stage = await cluster.SetAsync();
        await using var proxy = TcpProxy.Start(stage.Collector.Endpoint);
        proxy.Refuse();
        var running = await stage.StartAsync("--telemetry-endpoint", proxy.Address.OriginalString);
        await stage.ApplyOneAsync("cart");
        await Poll.UntilAsync(
            "three attempts", async token => (await running.ReadMetricsAsync(token)).Sum("wayleave_telemetry_send_failures_total") >= 3, Poll.Patience, default);

        proxy.Accept();

        await stage.WaitForAsync("INTENTS_APPLIED", 1);
        await stage.WaitForAsync("STARTED", 1);
        running.Lines().Count(line => line.Level == "Warning" && line.Category.EndsWith("BatchExporter", StringComparison.Ordinal)).ShouldBe(1);
    }

    private async Task<IReadOnlyDictionary<string, string>> KubectlAsync(TelemetryStage stage)
    {
        string[] query = ["get", "configmap", TelemetryStage.Ledger, $"--namespace={stage.Scene.Home}", "--output=jsonpath={.data}"];
        var data = (await cluster.Cluster.ControlPlane.KubectlAsync(query)).EnsureSuccess().Output;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(data)!;
    }

    private static JsonElement Parse(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    private static string Ids(OtlpRequest request) => string.Join(' ', request.Records.Select(record => record.EventId));

    private static IEnumerable<string?> EventIds(JsonElement batch) =>
        batch.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("attributes").GetProperty("event.id").GetString());

    private static Dictionary<string, long> Counts(IReadOnlyDictionary<string, string> ledger) => Parse(ledger["pending"])
        .GetProperty("counts").EnumerateArray().ToDictionary(count => count.GetProperty("type").GetString()!, count => count.GetProperty("count").GetInt64());
}
