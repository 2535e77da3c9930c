using System.Text.Json.Serialization;

namespace Wayleave.EventStore.Events;

/// <summary>Which events a query returns: those that match every filter that is set, newest first.</summary>
public sealed record EventQuery
{
    /// <summary>The most events that one query returns.</summary>
    public const int MaxLimit = 1000;

    /// <summary>Only events at or after this time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only events before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Names of types. Empty for all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>
    /// A subject, or its first segments: <c>clientintents/shop</c> matches every ClientIntents of the namespace shop. Lower case.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>Matches both <see cref="OperatorEvent.Run"/> and <see cref="OperatorEvent.ParentRun"/>.</summary>
    public string? Run { get; init; }

    public string? Session { get; init; }

    public string? Component { get; init; }

    /// <summary>1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Continues after the last event of an earlier answer. Null to start with the newest.</summary>
    public EventCursor? After { get; init; }
}

/// <summary>The position of an event in the order of time and ID. Its text is opaque to clients.</summary>
public readonly record struct EventCursor(DateTimeOffset Time, string Id)
{
    public static EventCursor From(OperatorEvent last) => new(last.Time, last.Id);

    /// <summary>False if the text is not one that <see cref="ToString"/> returned.</summary>
    public static bool TryParse(string text, out EventCursor cursor)
    {
        cursor = default;
        var separator = text.IndexOf('-', StringComparison.Ordinal);
        if (separator <= 0
            || !long.TryParse(text.AsSpan(0, separator), System.Globalization.NumberStyles.None, null, out var milliseconds)
            || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return false;
        }

        cursor = new EventCursor(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), text[(separator + 1)..]);
        return true;
    }

    public override string ToString() => string.Create(null, $"{Time.ToUnixTimeMilliseconds()}-{Id}");
}

/// <summary>The answer to a query.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">The cursor of the next page. Null if there is none.</param>
public sealed record EventPage(IReadOnlyList<OperatorEvent> Items, string? Next);

/// <summary>Serializes the answers of the query endpoint. Their members are in camel case, and null members are left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventPage))]
public sealed partial class EventJson : JsonSerializerContext;
