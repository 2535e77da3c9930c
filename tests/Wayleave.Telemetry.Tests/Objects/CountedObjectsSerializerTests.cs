using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Ledgers.Json;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Objects;

public sealed class CountedObjectsSerializerTests
{
    private static readonly ObjectId First = new(0x0102030405060708);

    [Fact]
    public void Writes_and_reads_a_register_as_its_position_and_one_token_per_object()
    {
        var counted = ImmutableDictionary<ObjectId, ObjectUsage>.Empty
            .Add(new ObjectId(ulong.MaxValue), ObjectUsage.Once)
            .Add(First, new ObjectUsage([6, 0, 1], [3]))
            .Add(new ObjectId(0x0102030405060709), new ObjectUsage([2], [2]))
            .Add(new ObjectId(0x010203040506070A), new ObjectUsage([], [4]));

        var text = CountedObjectsSerializer.Write(new CountedObjects(counted, 1042));

        text.ShouldBe("1042\nAQIDBAUGBwg:6,0,1/3 AQIDBAUGBwk:2 AQIDBAUGBwo:/4 __________8");
        var read = CountedObjectsSerializer.Read(CountedKindCatalog.Intents, text);
        read.Position.ShouldBe(1042);
        read.Counted.ShouldBe(counted, ignoreOrder: true);
    }

    [Fact]
    public void Reads_a_register_without_objects() =>
        CountedObjectsSerializer.Read(CountedKindCatalog.Intents, CountedObjectsSerializer.Write(CountedObjects.Empty)).Counted.ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("somewhere")]
    [InlineData("1\nAQIDBAUGBwg:x")]
    [InlineData("1\nAQIDBAUGBwg:-3")]
    [InlineData("1\nAQIDBAUGBwg:1,2,3,4,5,6")]
    [InlineData("1\nAQIDBAUGBwg:0/0")]
    [InlineData("1\nAQIDBAUGBwg/3")]
    [InlineData("1\nshort")]
    [InlineData("1\ncheckout.team-a")]
    public void Discards_a_malformed_register_and_reports_its_key(string text)
    {
        var entries = LedgerSerializer.Write(Ledger.New()).ToDictionary(entry => entry.Key, entry => entry.Value);
        entries["objects-clientintents"] = text;

        var reading = LedgerSerializer.Read(entries);

        reading.UnreadableKeys.ShouldBe(["objects-clientintents"]);
        reading.Ledger.Objects.ShouldBeEmpty();
    }

    [Fact]
    public void Starts_a_new_ledger_when_the_stored_format_is_newer()
    {
        var old = Ledger.New().Count(Sample.Delta(UsageCatalog.IntentsApplied, 3));
        var entries = LedgerSerializer.Write(old).ToDictionary(entry => entry.Key, entry => entry.Value);
        entries["format"] = "2";

        var reading = LedgerSerializer.Read(entries);

        reading.UnreadableKeys.ShouldBe(["format"]);
        reading.Ledger.InstanceId.ShouldNotBe(old.InstanceId);
        reading.Ledger.Pending.Counts.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void The_largest_register_fits_in_two_thirds_of_a_ConfigMap()
    {
        const int Megabyte = 1024 * 1024;
        var usage = new ObjectUsage([12, 0, 0, 0, 3], [12, 0, 0, 0, 3]);
        var counted = Enumerable.Range(1, LedgerUpdater.MaximumObjects).ToImmutableDictionary(id => new ObjectId((ulong)id), _ => usage);

        CountedObjectsSerializer.Write(new CountedObjects(counted, long.MaxValue)).Length.ShouldBeLessThan(Megabyte * 2 / 3);
    }

    [Fact]
    public void Equal_UIDs_give_equal_ObjectIds_and_different_UIDs_different_ones()
    {
        var id = ObjectId.FromUid("6d1b1a34-9a53-4dd5-8b22-5b6c8a4c0f77");

        id.ShouldBe(ObjectId.FromUid("6d1b1a34-9a53-4dd5-8b22-5b6c8a4c0f77"));
        id.ShouldNotBe(ObjectId.FromUid("6d1b1a34-9a53-4dd5-8b22-5b6c8a4c0f78"));
        ObjectId.FromUid(new string('u', 5000)).ShouldNotBe(ObjectId.FromUid(new string('u', 5001)));
    }
}
