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
        using var document = JsonDocument.Parse(text, _options);
        if (!IsUnicode(document.RootElement))
        {
            throw new InvalidDataException("it has text that is not Unicode");
        }

        var page = document.Deserialize(EventJson.Default.EventPage);
        return page?.Items is not null && page.Items.All(IsWhole) ? page : throw new InvalidDataException("an event lacks a member");
    }

    private static bool IsWhole(OperatorEvent? one) =>
        one is { Id: not null, Type: not null, Session: not null, Component: not null, Subjects: not null, Payload.ValueKind: JsonValueKind.Object }
            && one.Subjects.All(subject => subject is not null);

    private static bool IsUnicode(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && IsUnicode(member.Value)),
                JsonValueKind.Array => element.EnumerateArray().All(IsUnicode),
                JsonValueKind.String => element.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return false;
        }
    }
}
