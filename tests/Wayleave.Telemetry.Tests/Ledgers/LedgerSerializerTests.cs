using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Records;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Ledgers;

public sealed class LedgerSerializerTests
{
    [Fact]
    public void A_ledger_is_written_under_readable_keys()
    {
        var entries = LedgerSerializer.Write(Full());

        entries.Keys.ShouldBe(
            ["acknowledged", "context-id", "format", "in-flight", "instance-id", "pending", "sequence", "totals"], ignoreOrder: true);
        entries["sequence"].ShouldBe("2");
        entries["totals"].ReplaceLineEndings("\n").ShouldBe(
            """
            {
              "INTENTS_APPLIED": 7,
              "INTENTS_DELETED": 2
            }
            """.ReplaceLineEndings("\n"));
        entries["pending"].ShouldContain("\"type\": \"INTENTS_DELETED\"");
        entries["in-flight"].ShouldContain("\"event.type\": \"ERRORS\"");
        entries["acknowledged"].ShouldContain("\"acknowledgedAt\": \"2026-11-22T10:00:01.125+00:00\"");
        entries["acknowledged"].ShouldContain("\"serviceVersion\": \"0.1.0\"");
    }

    [Fact]
    public void Reads_a_ledger_as_it_was_written()
    {
        var entries = LedgerSerializer.Write(Full());
        var reading = LedgerSerializer.Read(entries);

        reading.UnreadableKeys.ShouldBeEmpty();
        LedgerSerializer.Write(reading.Ledger).ShouldBe(entries);
    }

    [Fact]
    public void Reads_any_counts_as_they_were_written() =>
        Prop.ForAll(Deltas(), delta =>
        {
            var ledger = Ledger.Create().Count(delta).Count(delta);
            var entries = LedgerSerializer.Write(ledger);
            var reading = LedgerSerializer.Read(entries);
            return reading.UnreadableKeys.IsEmpty
                && LedgerSerializer.Write(reading.Ledger).SequenceEqual(entries)
                && reading.Ledger.Pending.Counts.Sum == 2 * delta.Counts.Sum;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reads_an_empty_store_as_a_new_ledger()
    {
        var reading = LedgerSerializer.Read(ImmutableDictionary<string, string>.Empty);

        reading.UnreadableKeys.ShouldBeEmpty();
        reading.Ledger.InstanceId.ShouldNotBe(Guid.Empty);
        reading.Ledger.Sequence.ShouldBe(0);
    }

    [Theory]
    [InlineData("instance-id", "mine")]
    [InlineData("context-id", "prod-eu")]
    [InlineData("sequence", "-1")]
    [InlineData("sequence", "99999999999999999999")]
    [InlineData("totals", "[]")]
    [InlineData("totals", "null")]
    [InlineData("totals", """{"INTENTS_APPLIED": -1}""")]
    [InlineData("totals", """{"checkout in team-a": 1}""")]
    [InlineData("pending", "{")]
    [InlineData("pending", "null")]
    [InlineData("pending", """{"counts": null}""")]
    [InlineData("pending", """{"counts": [null]}""")]
    [InlineData("pending", """{"counts": [{"type": "INTENTS_APPLIED", "count": 0}]}""")]
    [InlineData("pending", """{"counts": [{"type": "INTENTS_DISCOVERED_KAFKA", "count": 1}]}""")]
    [InlineData("pending", """{"counts": [{"type": "CLI_COMMAND", "count": 1}]}""")]
    [InlineData("pending", """{"counts": [{"type": "CLI_COMMAND", "count": 1, "noun": "checkout", "verb": "list"}]}""")]
    [InlineData("pending", """{"counts": [{"type": "CLI_COMMAND", "count": 1, "noun": "version", "verb": "list"}]}""")]
    [InlineData("pending", """{"counts": [{"type": "CLI_COMMAND", "count": 1, "noun": "version", "modifiers": "checkout"}]}""")]
    [InlineData("pending", """{"counts": [{"type": "ERRORS", "count": 1}]}""")]
    [InlineData("pending", """{"counts": [{"type": "ERRORS", "count": 1, "component": "host", "exception": "no route to 10.0.0.7"}]}""")]
    [InlineData("pending", """{"counts": [], "shape": {"nodes": "17"}}""")]
    [InlineData("in-flight", "")]
    [InlineData("in-flight", "null")]
    [InlineData("in-flight", """{"sequence": 1, "frozenAt": "2026-11-22T10:00:00Z", "serviceVersion": "0.1.0", "records": []}""")]
    [InlineData("in-flight", """{"sequence": 1, "frozenAt": "2026-11-22T10:00:00Z", "serviceVersion": "0.1.0", "records": [null]}""")]
    [InlineData("acknowledged", """{"sequence": 1}""")]
    public void Resets_only_an_unreadable_entry_and_reports_its_key(string key, string text)
    {
        var entries = LedgerSerializer.Write(Full()).ToDictionary(entry => entry.Key, entry => entry.Value);
        entries[key] = text;

        var reading = LedgerSerializer.Read(entries);

        reading.UnreadableKeys.ShouldBe([key]);
        var rest = LedgerSerializer.Write(reading.Ledger);
        entries.Where(entry => entry.Key != key).ShouldAllBe(entry => rest[entry.Key] == entry.Value);
    }

    [Theory]
    [InlineData("\"event.type\": \"INTENTS_APPLIED\"", "\"event.type\": \"SECRETS_SEEN\"")]
    [InlineData("\"event.name\": \"wayleave.intents.applied\"", "\"event.name\": \"wayleave.operator.started\"")]
    [InlineData("\"component.type\": \"OPERATOR\"", "\"component.type\": \"checkout\"")]
    [InlineData("\"component.type\": \"OPERATOR\"", "\"pod.name\": \"checkout\"")]
    [InlineData("\"count\": 3", "\"count\": \"three\"")]
    [InlineData("\"count\": 3", "\"count\": 3.5")]
    [InlineData("\"count\": 3", "\"count\": null")]
    [InlineData("\"serviceVersion\": \"0.1.0\"", "\"serviceVersion\": \"0.1.0 of team-a\"")]
    public void Discards_a_batch_in_flight_with_an_invalid_value(string from, string to)
    {
        var ledger = Ledger.Create().Count(Sample.Delta(UsageCatalog.IntentsApplied, 3, total: 7)).CreateBatch(Sample.Resource, Sample.Time);
        var entries = LedgerSerializer.Write(ledger).ToDictionary(entry => entry.Key, entry => entry.Value);
        entries["in-flight"].ShouldContain(from);
        entries["in-flight"] = entries["in-flight"].Replace(from, to, StringComparison.Ordinal);

        var reading = LedgerSerializer.Read(entries);

        reading.UnreadableKeys.ShouldBe(["in-flight"]);
        reading.Ledger.InFlight.ShouldBeNull();
    }

    [Fact]
    public void Restores_a_missing_sequence_number_from_the_stored_batches()
    {
        var entries = LedgerSerializer.Write(Full()).ToDictionary(entry => entry.Key, entry => entry.Value);
        entries.Remove("sequence");

        LedgerSerializer.Read(entries).Ledger.Sequence.ShouldBe(2);
    }

    [Fact]
    public void The_largest_counts_and_batches_stay_below_150_kB()
    {
        var counts = UsageCatalog.All.Where(usage => !usage.IsPlanned && usage.Class != UsageClass.Error)
            .Aggregate(UsageCountMap.None, (sum, usage) => sum.Add(Sample.Key(usage), long.MaxValue / 4));
        foreach (var name in ExceptionTypeName.All)
        {
            counts = Enum.GetValues<ErrorComponent>().Aggregate(counts, (sum, component) =>
                sum.Add(new UsageKey(UsageCatalog.Errors, new ErrorOrigin(component, ExceptionTypeName.ParseOrNull(name)!)), 1));
        }

        var delta = new UsageDelta(counts, UsageDelta.None.Current);
        var ledger = Ledger.Create().Count(delta).CreateBatch(Sample.Resource, Sample.Time).Acknowledge(Sample.Time).Count(delta)
            .CreateBatch(Sample.Resource, Sample.Time).Count(delta);

        LedgerSerializer.Write(ledger).Sum(entry => entry.Value.Length).ShouldBeLessThan(150_000);
    }

    private static Ledger Full()
    {
        var errors = UsageCountMap.None.Add(Sample.Error(ErrorComponent.Kubernetes, typeof(IOException)), 5)
            .Add(Sample.Key(UsageCatalog.Active), 1);
        return (Ledger.Create() with { FallbackContext = ContextId.CreateRandom() })
            .Count(Sample.Delta(UsageCatalog.IntentsApplied, 3, total: 7))
            .CreateBatch(Sample.Resource, Sample.Time)
            .Acknowledge(Sample.Time.AddSeconds(1))
            .Count(new UsageDelta(errors, UsageDelta.None.Current))
            .SetClusterProfile(RecordBuilder.BuildProfileAttributes(new FakeClusterProfileSource().Profile))
            .CreateBatch(Sample.Resource, Sample.Time.AddSeconds(2))
            .Count(Sample.Delta(UsageCatalog.IntentsDeleted, 2))
            .SetClusterProfile(RecordBuilder.BuildProfileAttributes(new FakeClusterProfileSource().Profile));
    }

    private static Arbitrary<UsageDelta> Deltas()
    {
        var keys = UsageCatalog.All.Where(usage => !usage.IsPlanned && usage.Class != UsageClass.Error).Select(Sample.Key)
            .Append(Sample.Error(ErrorComponent.Kubernetes, typeof(IOException)))
            .Append(Sample.Error(ErrorComponent.Intents, typeof(TimeoutException)));
        var counts = from key in Gen.Elements(keys) from count in Gen.Choose(1, int.MaxValue) select (key, count);
        return counts.ListOf()
            .Select(list => list.Aggregate(UsageCountMap.None, (sum, entry) => sum.Add(entry.key, entry.count)))
            .Select(sum => new UsageDelta(sum, UsageDelta.None.Current))
            .ToArbitrary();
    }
}
