using System.Text.Json;
using Microsoft.Extensions.Logging;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Tests.Support;
using Wayleave.Testing.Otlp;

namespace Wayleave.Telemetry.Tests.Sessions;

/// <summary>What is visible in the cluster itself: records in the log with debug on, and the ledger without an endpoint.</summary>
public sealed class LocalReportTests
{
    private const string Category = "Wayleave.Telemetry.Records.LoggerRecordSink";

    [Fact]
    public async Task Adds_up_counts_in_the_ledger_without_an_endpoint()
    {
        await using var installation = new Installation(TelemetrySettings.Default);
        installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await installation.FlushAsync();
        installation.Counter.Add(UsageCatalog.IntentsApplied, 4);
        await installation.FlushAsync();

        var ledger = installation.Store.Read()!;
        ledger.Pending.Counts.Sum.ShouldBe(7);
        ledger.InFlight.ShouldBeNull();
        installation.Statistics.Pending.ShouldBe(7);
    }

    [Fact]
    public async Task Debug_logs_each_sent_record_as_one_line()
    {
        await using var collector = await OtlpCollector.StartAsync();
        collector.AnswerNext(OtlpAnswer.Status(503));
        await using var installation = new Installation(TelemetrySettings.Default with { Debug = true, Endpoint = collector.Endpoint });
        installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        installation.Counter.Add(UsageCatalog.Started);
        await installation.FlushAsync();
        await installation.Reporter.FlushAsync(last: true, default);

        Lines(installation).ShouldBe(collector.Records.Select(record => record.Attributes.ToDictionary(
            attribute => attribute.Key, attribute => attribute.Value.ToString()!)));
    }

    [Fact]
    public async Task Debug_logs_records_without_an_endpoint()
    {
        await using var installation = new Installation(TelemetrySettings.Default with { Debug = true });
        installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await installation.FlushAsync();
        installation.Counter.Add(UsageCatalog.IntentsApplied, 4);
        await installation.FlushAsync();
        await installation.FlushAsync();

        Lines(installation).Select(line => (line["event.type"], line["count"]))
            .ShouldBe([("INTENTS_APPLIED", "3"), ("INTENTS_APPLIED", "4")]);
    }

    [Fact]
    public async Task Logs_no_records_without_debug()
    {
        await using var installation = new Installation(TelemetrySettings.Default);
        installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await installation.FlushAsync();

        Lines(installation).ShouldBeEmpty();
    }

    private static IReadOnlyList<Dictionary<string, string>> Lines(Installation installation) =>
    [
        .. installation.Log.All
            .Where(line => line.Category == Category && line.Level == LogLevel.Information)
            .Select(line => JsonDocument.Parse(line.Text).RootElement.GetProperty("attributes").EnumerateObject()
                .ToDictionary(attribute => attribute.Name, attribute => attribute.Value.ToString())),
    ];
}
