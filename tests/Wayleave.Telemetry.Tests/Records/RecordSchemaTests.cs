using System.Text.Json;
using System.Text.Json.Nodes;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Records;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Records;

/// <summary>Validates records against the published JSON schema.</summary>
public sealed class RecordSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(PathOf("docs/telemetry-record.schema.json"))).RootElement;

    [Fact]
    public void A_record_of_every_event_matches_the_schema()
    {
        var records = Records();

        records.Select(record => record.Event).Distinct().ShouldBe(UsageCatalog.All.Where(usage => !usage.IsPlanned), ignoreOrder: true);
        records.ShouldAllBe(record => SchemaCheck.Fits(Schema, JsonDocument.Parse(record.ToJson(), default).RootElement));
    }

    [Theory]
    [InlineData("pod.name", "\"checkout\"")]
    [InlineData("event.type", "\"SECRETS_SEEN\"")]
    [InlineData("component.type", "\"checkout\"")]
    [InlineData("context.id", "\"prod-eu\"")]
    [InlineData("count", "\"three\"")]
    [InlineData("count", "-1")]
    [InlineData("count", "null")]
    public void The_schema_rejects_unknown_attributes_and_invalid_values(string key, string value)
    {
        foreach (var record in Records())
        {
            var changed = JsonNode.Parse(record.ToJson())!;
            changed["attributes"]![key] = JsonNode.Parse(value);

            SchemaCheck.Fits(Schema, JsonDocument.Parse(changed.ToJsonString()).RootElement).ShouldBeFalse(record.Event.Type);
        }
    }

    private static List<UsageRecord> Records()
    {
        var counts = UsageCatalog.All.Where(usage => !usage.IsPlanned && usage.Class != UsageClass.Error)
            .Aggregate(UsageCountMap.None, (sum, usage) => sum.Add(Sample.Key(usage), 2))
            .Add(Sample.Error(ErrorComponent.Kubernetes, typeof(TimeoutException)), 1);
        var pending = new PendingUsage(counts, RecordBuilder.BuildProfileAttributes(new FakeClusterProfileSource().Profile));
        var totals = Ledger.New().Count(new UsageDelta(counts, UsageDelta.None.Current)).Totals;
        return [.. RecordBuilder.Build(pending, totals, Sample.Resource, Sample.Time)];
    }

    private static string PathOf(string file)
    {
        // The build replaces source paths, so search upward from the folder that the tests run in.
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, file)))
            {
                return Path.Combine(folder.FullName, file);
            }
        }

        throw new FileNotFoundException("Not in a checkout.", file);
    }
}
