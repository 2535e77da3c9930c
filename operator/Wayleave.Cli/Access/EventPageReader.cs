using System.Text.Json;
using Wayleave.EventStore.Events;

namespace Wayleave.Cli.Access;

/// <summary>Reads the answer of an event store, which comes from a Pod and so can be anything.</summary>
internal static class EventPageReader
{
    // A name that occurs twice would be an error only when the event is printed.
    private static readonly JsonDocumentOptions _options = new() { AllowDuplicateProperties = false };

    /// <exception cref="JsonException">It is not JSON of the right form.</exception>
    /// <exception cref="InvalidDataException">Something is missing, or text is not Unicode.</exception>
    public static EventPage Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, _options);
            CheckText(document.RootElement);
            var page = document.Deserialize(EventJson.Default.EventPage);
            return page?.Items is not null && page.Items.All(IsWhole) ? page : throw new InvalidDataException("an event lacks a member");
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidDataException("it has half of a surrogate pair", error);
        }
    }

    // Payloads are read when they are printed; this throws before. A writer reads all text.
    private static void CheckText(JsonElement element)
    {
        using var writer = new Utf8JsonWriter(Stream.Null);
        element.WriteTo(writer);
    }

    private static bool IsWhole(OperatorEvent? one) =>
        one is { Id: not null, Type: not null, Session: not null, Component: not null, Subjects: not null }
            && one.Payload.ValueKind == JsonValueKind.Object
            && one.Subjects.All(subject => subject is not null);
}
