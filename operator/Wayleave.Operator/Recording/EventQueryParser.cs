using System.Globalization;
using Wayleave.EventStore.Events;

namespace Wayleave.Operator.Recording;

/// <summary>Reads the parameters of a query. They are untrusted.</summary>
internal static class EventQueryParser
{
    private const int MaxLength = 512;
    private const int TraceIdLength = 32;

    /// <exception cref="FormatException">A parameter cannot be used. The message names it and the fix.</exception>
    public static EventQuery Parse(IQueryCollection parameters)
    {
        var query = new EventQuery();
        foreach (var (name, values) in parameters)
        {
            var value = values is [{ Length: <= MaxLength } only] ? only : "";
            query = name switch
            {
                "type" => query with { Types = [.. values.Select(ParseType)] },
                _ when value.Length == 0 => throw Invalid(name, "is empty, too long or given twice", "give it once, or leave it out"),
                "since" => query with { Since = ParseTime(name, value) },
                "until" => query with { Until = ParseTime(name, value) },
                "subject" => query with { Subject = value },
                "run" => query with { Run = ParseRun(value) },
                "session" => query with { Session = value },
                "component" => query with { Component = value },
                "limit" => query with { Limit = ParseLimit(value) },
                "cursor" => query with { After = ParseCursor(value) },
                _ => throw new FormatException(
                    "unknown parameter; use since, until, type, subject, run, session, component, limit or cursor"),
            };
        }

        return query;
    }

    private static string ParseType(string? value) => EventCatalog.Find(value ?? "")?.Name
        ?? throw Invalid("type", "is unknown", $"use one of {string.Join(", ", EventCatalog.All.Select(type => type.Name))}");

    private static DateTimeOffset ParseTime(string name, string value) =>
        DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Invalid(name, "is not a time", "write it like 2026-11-28T12:00:00Z");

    private static string ParseRun(string value) => value.Length == TraceIdLength && value.All(char.IsAsciiHexDigitLower)
        ? value
        : throw Invalid("run", "is not a trace ID", "use its 32 lower-case hexadecimal digits");

    private static int ParseLimit(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= EventQuery.MaxLimit
            ? limit
            : throw Invalid("limit", "is not a number in range", $"use 1 to {EventQuery.MaxLimit}");

    private static EventCursor ParseCursor(string value) => EventCursor.TryParse(value, out var cursor)
        ? cursor
        : throw Invalid("cursor", "is not from a response", "use next of the last response");

    private static FormatException Invalid(string name, string what, string fix) => new($"{name}: {what}; {fix}");
}
