using System.IO.Compression;
using System.Text.Json.Nodes;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Telemetry;

/// <summary>Delivery to the collector, and what an administrator sees of it.</summary>
[Collection(LedgerCollection.Name)]
public sealed class DeliveryTests(TelemetryCluster cluster)
{
    private const string Reason = "TelemetryNotDelivered";

    // The chart's terminationGracePeriodSeconds.
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_telemetry_page_shows_the_bytes_that_the_collector_received()
    {
        await using var stage = await cluster.SetAsync();
        var running = await stage.StartAsync();
        await stage.ApplyOneAsync("cart");
        await stage.WaitForAsync("NETWORK_POLICIES_CREATED", 1);
        await stage.WaitForAsync("INTENTS_APPLIED", 1);

        // Reads both until they agree, because the next flush may happen in between.
        var page = await Poll.UntilAsync("the page and the ledger to agree", async _ =>
        {
            var shown = await PageAsync(running, shown => shown["acknowledged"] is not null && shown["inFlight"] is null);
            var ledger = (await stage.ReadLedgerAsync())!["acknowledged"];
            return JsonNode.DeepEquals(JsonNode.Parse(ledger), shown["acknowledged"]) ? shown : null;
        }, Poll.Patience, default);
        var body = Convert.FromBase64String(page["lastRequest"]!["body"]!.GetValue<string>());
        await using var zipped = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        await zipped.CopyToAsync(plain);

        var request = stage.Collector.Requests.Where(request => request.Body.AsSpan().SequenceEqual(plain.ToArray())).ShouldHaveSingleItem();
        page["acknowledged"]!["records"]!.AsArray().Select(record => record!["attributes"]!["event.id"]!.GetValue<string>())
            .ShouldBe(request.Records.Select(record => record.EventId));
        await running.StopAsync();
    }

    [Fact]
    public async Task Delivers_all_counts_after_a_rejected_key_is_replaced_in_its_file()
    {
        await using var stage = await cluster.SetAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "the-old-key");
        stage.Collector.Otherwise = OtlpAnswer.Status(401);
        var running = await stage.StartAsync($"--telemetry-api-key-file={file}");
        await stage.ApplyOneAsync("cart");
        await running.WaitForLogAsync(LogEvent.RejectedBatch);

        stage.Collector.Otherwise = OtlpAnswer.Accept;
        await File.WriteAllTextAsync(file, "the-new-key");
        await stage.WaitForAsync("INTENTS_APPLIED", 1);
        await running.StopAsync();

        stage.Count("STARTED").ShouldBe(1);
        stage.Collector.Requests.Select(request => request.Headers["x-api-key"]).Distinct().ShouldBe(["the-old-key", "the-new-key"]);
        running.Log.ShouldNotContain(line => line.Contains("-key\"") || line.Contains("the-new-key"));
        File.Delete(file);
    }

    [Fact]
    public async Task A_hanging_collector_delays_neither_reconciling_nor_shutdown()
    {
        await using var stage = await cluster.SetAsync();
        stage.Collector.Otherwise = OtlpAnswer.Hang;
        var running = await stage.StartAsync();
        await stage.Collector.WaitForAsync(collector => collector.Requests.Count > 0, Poll.Patience, "a request that hangs");
        await stage.ApplyOneAsync("cart");
        await stage.DeleteOneAsync("cart");

        (await running.StopAsync()).ShouldBeLessThan(GracePeriod);
        (await stage.ReadLedgerAsync())!["in-flight"].ShouldContain("STARTED");
    }

    [Fact]
    public async Task Uses_the_proxy_of_the_environment_and_does_not_log_its_password()
    {
        await using var stage = await cluster.SetAsync();
        var proxy = stage.Collector.Endpoint.OriginalString.Replace("http://", "http://user:s3cret@", StringComparison.Ordinal);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["http_proxy"] = proxy };
        var running = await stage.StartAsync(variables, "--telemetry-endpoint=http://collector.example.com", "--log-level=Debug");
        await stage.WaitForAsync("STARTED", 1);
        await running.StopAsync();

        stage.Collector.Requests.ShouldAllBe(request => request.Headers["Host"] == "collector.example.com");
        running.Log.ShouldNotContain(line => line.Contains("s3cret"));
    }

    [Fact]
    public async Task Bypasses_the_proxy_for_a_collector_on_loopback()
    {
        await using var stage = await cluster.SetAsync();
        await using var proxy = await OtlpCollector.StartAsync();
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["http_proxy"] = proxy.Endpoint.OriginalString,
            ["OTEL_EXPORTER_OTLP_API_KEY"] = "s3cret",
        };
        var running = await stage.StartAsync(variables);
        await stage.WaitForAsync("STARTED", 1);
        await running.StopAsync();

        proxy.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Sends_headers_of_the_environment_in_every_request_and_shows_their_values_nowhere()
    {
        await using var stage = await cluster.SetAsync();
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "Authorization=Basic%20czNjcmV0,x-tenant=t3nant",
        };
        var running = await stage.StartAsync(variables, "--log-level=Debug", "--telemetry-debug");
        await stage.ApplyOneAsync("cart");
        await stage.WaitForAsync("INTENTS_APPLIED", 1);
        using var client = new HttpClient();
        var page = await client.GetStringAsync(new Uri(running.Metrics!, "telemetry"));
        await running.StopAsync();

        stage.Collector.Requests.ShouldAllBe(request => request.Headers["Authorization"] == "Basic czNjcmV0");
        stage.Collector.Requests.ShouldAllBe(request => request.Headers["x-tenant"] == "t3nant");
        string[] texts = [page, .. running.Log, .. (await stage.ReadLedgerAsync())!.Values];
        texts.ShouldNotContain(text => text.Contains("czNjcmV0") || text.Contains("t3nant"));
        JsonNode.Parse(page)!["headers"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(["Authorization", "x-tenant"]);
    }

    [Fact]
    public async Task Keeps_the_batch_when_a_login_page_answers_200()
    {
        await using var stage = await cluster.SetAsync();
        stage.Collector.Otherwise = OtlpAnswer.Answer(200, "text/html", "<html><body>Please log in</body></html>"u8.ToArray());
        var running = await stage.StartAsync();
        await stage.Collector.WaitForAsync(collector => collector.Requests.Count > 1, Poll.Patience, "a second attempt");
        (await PageAsync(running, page => page["failure"] is not null))["failure"]!["reason"]!.GetValue<string>().ShouldBe("not-otlp");

        stage.Collector.Otherwise = OtlpAnswer.Accept;
        await stage.WaitForAsync("STARTED", 1);
        await running.StopAsync();

        var sent = stage.Collector.Requests.SelectMany(request => request.Records).Where(record => record.EventType == "STARTED");
        sent.Select(record => record.EventId).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Warns_on_the_Deployment_about_a_batch_undelivered_for_a_day_across_a_restart()
    {
        await using var stage = await cluster.SetAsync();
        await stage.Scene.Cluster.ApplyAsync(Yaml.Workload(stage.Scene.Home, "wayleave-operator"));
        stage.Collector.Otherwise = OtlpAnswer.Status(503);
        var first = await stage.StartAsync();
        await stage.Collector.WaitForAsync(collector => collector.Requests.Count > 0, Poll.Patience, "a request");
        await first.StopAsync();
        await AgeAsync(stage);

        var second = await stage.StartAsync("--deployment=wayleave-operator");
        var recorded = await Poll.UntilAsync(
            "the Event",
            async token => (await stage.Scene.Cluster.Client.ListAsync<Eventsv1Event>(new ListOptions { Namespace = stage.Scene.Home }, token)).Items,
            events => events.Any(one => one.Reason == Reason),
            Poll.Patience,
            default);
        await second.StopAsync();

        var alarm = recorded.Single(one => one.Reason == Reason);
        (alarm.Type, alarm.Regarding!.Kind, alarm.Regarding.Name).ShouldBe(("Warning", "Deployment", "wayleave-operator"));
        alarm.Regarding.Uid.ShouldNotBeNullOrEmpty();
        alarm.Note!.ShouldContain("(HTTP 503)");
        alarm.Note!.ShouldContain("global.telemetry.enabled=false");
    }

    private static async Task<JsonNode> PageAsync(OperatorProcess running, Predicate<JsonNode> isComplete)
    {
        using var client = new HttpClient();
        return await Poll.UntilAsync(
            "the telemetry page to be complete",
            async token => JsonNode.Parse(await client.GetStringAsync(new Uri(running.Metrics!, "telemetry"), token))!,
            page => isComplete(page),
            Poll.Patience,
            default);
    }

    // Makes the batch in flight two days old.
    private static async Task AgeAsync(TelemetryStage stage)
    {
        var ledger = (await stage.Scene.Cluster.Client.GetAsync<V1ConfigMap>(TelemetryStage.Ledger, stage.Scene.Home, default))!;
        var batch = JsonNode.Parse(ledger.Data!["in-flight"])!;
        batch["frozenAt"] = DateTimeOffset.UtcNow.AddDays(-2);
        ledger.Data["in-flight"] = batch.ToJsonString();
        ledger.Metadata = new V1ObjectMeta { Name = TelemetryStage.Ledger, NamespaceProperty = stage.Scene.Home };
        await stage.Scene.Cluster.Client.DeleteAsync<V1ConfigMap>(TelemetryStage.Ledger, stage.Scene.Home, null, default);
        await stage.Scene.Cluster.Client.CreateAsync(ledger, default);
    }
}
