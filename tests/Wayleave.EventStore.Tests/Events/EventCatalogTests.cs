using System.Text.Json;
using Wayleave.EventStore.Events;

namespace Wayleave.EventStore.Tests.Events;

public sealed class EventCatalogTests
{
    [Fact]
    public void Has_one_row_for_each_payload() =>
        EventCatalog.All.Select(type => type.Payload).ShouldBe(
            typeof(EventPayload).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(EventPayload)) && !type.IsAbstract),
            ignoreOrder: true);

    [Fact]
    public void Names_a_type_like_its_payload() =>
        EventCatalog.All.ShouldAllBe(type => type.Name == JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Payload.Name));

    [Fact]
    public void Finds_the_row_of_a_payload_and_of_a_name()
    {
        EventCatalog.Get(new LeadershipGained()).Name.ShouldBe("leadership_gained");
        EventCatalog.Find("leadership_gained")!.Class.ShouldBe(EventClass.Audit);
        EventCatalog.Find("leadership").ShouldBeNull();
    }

    [Theory]
    [InlineData("ClientIntents", "shop", "checkout", "clientintents/shop/checkout")]
    [InlineData("Cluster", null, "west", "cluster/west")]
    [InlineData("Cluster", "", "west", "cluster/west")]
    public void Writes_a_subject_as_kind_namespace_and_name(string kind, string? @namespace, string name, string text) =>
        new EventSubject(kind, @namespace, name).ToString().ShouldBe(text);

    [Fact]
    public void Reads_back_a_cursor()
    {
        var cursor = new EventCursor(DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_123), "evt_0198c0ffee");
        EventCursor.TryParse(cursor.ToString(), out var parsed).ShouldBeTrue();
        parsed.ShouldBe(cursor);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-evt_1")]
    [InlineData("12")]
    [InlineData("x-evt_1")]
    [InlineData("99999999999999999-evt_1")]
    public void Rejects_what_is_not_a_cursor(string text) => EventCursor.TryParse(text, out _).ShouldBeFalse();
}
