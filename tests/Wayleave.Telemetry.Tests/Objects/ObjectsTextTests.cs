using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Ledgers.Json;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Objects;

public sealed class ObjectsTextTests
{
    private static readonly ObjectId First = new(0x0102030405060708);

    [Fact]
    public void A_register_is_a_line_for_its_position_and_a_word_for_each_object()
    {
        var counted = ImmutableDictionary<ObjectId, ObjectUsage>.Empty
            .Add(new ObjectId(ulong.MaxValue), ObjectUsage.Once)
            .Add(First, new ObjectUsage([6, 0, 1], [3]))
            .Add(new ObjectId(0x0102030405060709), new ObjectUsage([2], [2]))
            .Add(new ObjectId(0x010203040506070A), new ObjectUsage([], [4]));

        var text = ObjectsText.Write(new CountedObjects(counted, 1042));

        text.ShouldBe("1042\nAQIDBAUGBwg:6,0,1/3 AQIDBAUGBwk:2 AQIDBAUGBwo:/4 __________8");
        var read = ObjectsText.Read(CountedKindCatalog.Intents, text);
        read.Position.ShouldBe(1042);
        read.Counted.ShouldBe(counted, ignoreOrder: true);
    }

    [Fact]
    public void A_register_without_objects_is_read_as_it_was_written() =>
        ObjectsText.Read(CountedKindCatalog.Intents, ObjectsText.Write(CountedObjects.Empty)).Counted.ShouldBeEmpty();

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
    public void What_is_no_register_is_not_read(string text)
    {
        var entries = LedgerFormat.Write(Ledger.New()).ToDictionary(entry => entry.Key, entry => entry.Value);
        entries["objects-clientintents"] = text;

        var reading = LedgerFormat.Read(entries);

        reading.UnreadableKeys.ShouldBe(["objects-clientintents"]);
        reading.Ledger.Objects.ShouldBeEmpty();
    }

    [Fact]
    public void A_ledger_of_a_later_form_starts_anew()
    {
        var old = Ledger.New().Count(Sample.Delta(UsageCatalog.IntentsApplied, 3));
        var entries = LedgerFormat.Write(old).ToDictionary(entry => entry.Key, entry => entry.Value);
        entries["format"] = "2";

        var reading = LedgerFormat.Read(entries);

        reading.UnreadableKeys.ShouldBe(["format"]);
        reading.Ledger.InstanceId.ShouldNotBe(old.InstanceId);
        reading.Ledger.Pending.Counts.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void The_largest_registers_leave_a_config_map_a_third_of_its_room()
    {
        const int Megabyte = 1024 * 1024;
        var usage = new ObjectUsage([12, 0, 0, 0, 3], [12, 0, 0, 0, 3]);
        var counted = Enumerable.Range(1, ObjectLedger.MaximumObjects).ToImmutableDictionary(id => new ObjectId((ulong)id), _ => usage);

        ObjectsText.Write(new CountedObjects(counted, long.MaxValue)).Length.ShouldBeLessThan(Megabyte * 2 / 3);
    }

    [Fact]
    public void An_objects_id_is_of_its_uid_and_not_the_uid()
    {
        var id = ObjectId.Of("6d1b1a34-9a53-4dd5-8b22-5b6c8a4c0f77");

        id.ShouldBe(ObjectId.Of("6d1b1a34-9a53-4dd5-8b22-5b6c8a4c0f77"));
        id.ShouldNotBe(ObjectId.Of("6d1b1a34-9a53-4dd5-8b22-5b6c8a4c0f78"));
        ObjectId.Of(new string('u', 5000)).ShouldNotBe(ObjectId.Of(new string('u', 5001)));
    }
}
