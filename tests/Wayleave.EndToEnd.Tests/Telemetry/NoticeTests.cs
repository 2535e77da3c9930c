using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Telemetry;

/// <summary>The log message about telemetry at every start, and the API key, which must not be in the log.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class NoticeTests(TelemetryCluster cluster)
{
    private const string Key = "dGhlIGtleSBvZiBhIHRlc3Q";
    private static readonly string[] HowToTurnOff = ["global.telemetry.enabled=false", "WAYLEAVE_TELEMETRY_ENABLED=false", "DO_NOT_TRACK=1", "--telemetry-enabled=false"];

    [Fact]
    public async Task The_notice_says_what_is_sent_where_how_often_and_how_to_turn_it_off()
    {
        await using var stage = await cluster.SetAsync();
        var notice = Notice(await stage.StartAsync());

        notice.ShouldStartWith("Telemetry is on: anonymous counts of what was applied and deleted, and of errors by type are sent to "
            + $"{stage.Collector.Endpoint.GetLeftPart(UriPartial.Authority)}, at most every 1s;");
        HowToTurnOff.ShouldAllBe(way => notice.Contains(way));
    }

    [Theory]
    [InlineData("--telemetry-usage-enabled=false", "anonymous counts of errors by type are sent")]
    [InlineData("--telemetry-errors-enabled=false", "anonymous counts of what was applied and deleted are sent")]
    [InlineData("--telemetry-endpoint", "are kept in this cluster only, and nothing is sent")]
    [InlineData("--telemetry-endpoint=collector.example.com", "are kept in this cluster only, and nothing is sent")]
    public async Task The_notice_says_which_counts_are_sent_or_kept_in_the_cluster(string flag, string said)
    {
        await using var stage = await cluster.SetAsync();
        var notice = Notice(await stage.StartAsync(flag == "--telemetry-endpoint" ? [flag, ""] : [flag]));

        notice.ShouldContain(said);
        HowToTurnOff.ShouldAllBe(way => notice.Contains(way));
    }

    [Theory]
    [InlineData("DO_NOT_TRACK", "1", "DO_NOT_TRACK")]
    [InlineData("WAYLEAVE_TELEMETRY_ENABLED", "false", "WAYLEAVE_TELEMETRY_ENABLED")]
    [InlineData("WAYLEAVE_TELEMETRY_ENABLED", "maybe", "WAYLEAVE_TELEMETRY_ENABLED")]
    public async Task The_notice_names_the_setting_that_turned_telemetry_off(string variable, string value, string cause)
    {
        await using var stage = await cluster.SetAsync();
        var running = await stage.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal) { [variable] = value });

        Notice(running).ShouldBe($"Telemetry is off ({cause}): nothing is counted, kept or sent.");
        var errors = running.Lines().Where(line => line.Level == "Error").Select(line => line.Message).ToList();
        errors.ShouldBe(value == "maybe" ? [$"{variable} is neither true nor false, so telemetry is off; set it to true or false"] : []);
    }

    [Fact]
    public async Task Sends_the_API_key_in_every_request_and_never_logs_or_stores_it()
    {
        await using var stage = await cluster.SetAsync();
        var running = await stage.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["OTEL_EXPORTER_OTLP_API_KEY"] = Key }, "--log-level=Debug", "--telemetry-debug");
        await stage.ApplyOneAsync("cart");
        await stage.WaitForAsync("INTENTS_APPLIED", 1);
        await running.StopAsync();

        stage.Collector.Requests.ShouldAllBe(request => request.Headers["x-api-key"] == Key);
        running.Log.ShouldNotContain(line => line.Contains(Key));
        (await stage.ReadLedgerAsync())!.Values.ShouldNotContain(value => value.Contains(Key));
    }

    [Fact]
    public async Task The_debug_flag_logs_each_record_that_is_sent()
    {
        await using var stage = await cluster.SetAsync();
        var running = await stage.StartAsync("--telemetry-debug");
        await stage.ApplyOneAsync("cart");
        await stage.WaitForAsync("INTENTS_APPLIED", 1);
        await running.StopAsync();

        var shown = running.Lines().Where(line => line.Category.EndsWith("LoggerRecordSink", StringComparison.Ordinal)).Select(line => line.Message).ToList();
        shown.Count.ShouldBe(stage.Records.Count);
        stage.Records.ShouldAllBe(record => shown.Any(line => line.Contains(record.EventId) && line.Contains(record.EventType)));
    }

    [Fact]
    public async Task Only_the_leader_of_two_replicas_reports()
    {
        await using var stage = await cluster.SetAsync();
        var first = await stage.StartAsync("--leader-elect");
        await stage.WaitForAsync("STARTED", 1);
        var second = await stage.StartAsync("--leader-elect");
        await stage.ApplyOneAsync("cart");
        await stage.WaitForAsync("INTENTS_APPLIED", 1);
        stage.Count("STARTED").ShouldBe(1);

        await first.StopAsync();
        await stage.WaitForAsync("STARTED", 2);
        await stage.ApplyOneAsync("orders");
        await stage.WaitForAsync("INTENTS_APPLIED", 2);
        await second.StopAsync();

        stage.Records.Select(record => record.Attributes["component.instance.id"]).Distinct().Count().ShouldBe(1);
        stage.Total("INTENTS_APPLIED").ShouldBe(2);
        stage.Count("NETWORK_POLICIES_CREATED").ShouldBe(2);
    }

    private static string Notice(OperatorProcess running) =>
        running.Lines().Where(line => line.Message.StartsWith("Telemetry is", StringComparison.Ordinal)).ShouldHaveSingleItem().Message;
}
