using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Records;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>Sample data for tests.</summary>
internal static class Sample
{
    public static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(60);

    public static DateTimeOffset Time { get; } = new(2026, 11, 22, 10, 0, 0, 125, TimeSpan.Zero);

    public static TelemetryResource Resource { get; } =
        new(FakeContextIdSource.Cluster, Guid.Parse("6d1b1a34-9a53-4dd5-8b22-5b6c8a4c0f77"), SemanticVersion.Parse("0.1.0"));

    public static CountedCommand Command { get; } = CountedCommand.CreateOrNull("intents", "list", ["output", "all-namespaces"])!;

    public static UsageKey Key(UsageEvent usage) => usage == UsageCatalog.CliCommand ? new(usage, Command: Command) : new(usage);

    public static UsageKey Error(ErrorComponent component, Type exception) =>
        new(UsageCatalog.Errors, new ErrorOrigin(component, ExceptionTypeName.FromType(exception)));

    public static UsageDelta Delta(UsageEvent usage, long count, long? total = null)
    {
        var current = total is { } value ? UsageDelta.None.Current.SetItem(usage.Type, value) : UsageDelta.None.Current;
        return new UsageDelta(UsageCountMap.None.Add(Key(usage), count), current);
    }

    public static LedgerBatch Batch(UsageDelta? delta = null) =>
        Ledger.Create().Count(delta ?? Delta(UsageCatalog.IntentsApplied, 3, total: 7)).CreateBatch(Resource, Time).InFlight!;

    public static OtlpBatchSender Sender(
        Uri endpoint, TimeProvider time, ApiKey? key = null, string? keyFile = null, string? caFile = null, string headers = "")
    {
        var files = new ExporterCredentialLoader(key, keyFile, caFile, CollectorHeaders.Parse(headers));
        return new OtlpBatchSender("wayleave-operator", endpoint, files, TimeSpan.FromSeconds(10), new TelemetryStatistics(), time);
    }
}
