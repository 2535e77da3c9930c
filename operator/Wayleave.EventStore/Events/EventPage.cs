using System.Text.Json.Serialization;

namespace Wayleave.EventStore.Events;

/// <summary>The answer to a query.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">The cursor of the next page. Null if there is none.</param>
public sealed record EventPage(IReadOnlyList<OperatorEvent> Items, string? Next);

/// <summary>Serializes the answers of the query endpoint. Their members are in camel case, and null members are left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventPage))]
public sealed partial class EventJson : JsonSerializerContext;
