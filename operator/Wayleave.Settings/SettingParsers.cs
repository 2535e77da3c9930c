using System.Collections.Immutable;
using System.Globalization;

namespace Wayleave.Settings;

/// <summary>Reads the common types of settings.</summary>
public static class SettingParsers
{
    /// <summary>Durations as they can be written.</summary>
    public const string DurationExamples = "90s, 1m30s or 00:01:30";

    /// <summary>Null when it is empty.</summary>
    public static SettingParser<string?> Text { get; } = static (string text, out SettingError? error) =>
    {
        error = null;
        return text.Length == 0 ? null : text;
    };

    /// <summary>true, false, 1, 0, yes, no, on, off, in any case.</summary>
    public static SettingParser<bool> Switch { get; } = static (string text, out SettingError? error) =>
    {
        var isOn = text.ToUpperInvariant() is "TRUE" or "1" or "YES" or "ON";
        error = isOn || text.ToUpperInvariant() is "FALSE" or "0" or "NO" or "OFF"
            ? null
            : new SettingError("is neither true nor false", "set it to true or false");
        return isOn;
    };

    /// <summary>A whole number without a sign.</summary>
    public static SettingParser<int> Number(int lowest, int highest) => (string text, out SettingError? error) =>
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        error = isNumber && number >= lowest && number <= highest
            ? null
            : new SettingError(isNumber ? "is out of range" : "is not a whole number", $"use {lowest} to {highest}");
        return number;
    };

    /// <summary>0 is any free port.</summary>
    public static SettingParser<int> Port { get; } = Number(0, 65535);

    /// <summary>Null when it is empty.</summary>
    public static SettingParser<int?> OptionalPort { get; } = static (string text, out SettingError? error) =>
    {
        error = null;
        return text.Length == 0 ? null : Port(text, out error);
    };

    public static SettingParser<TimeSpan> Duration(TimeSpan lowest, TimeSpan highest) => (string text, out SettingError? error) =>
    {
        var duration = DurationFormat.ParseOrNull(text);
        error = duration is null ? new SettingError("is not a duration", $"write it like {DurationExamples}")
            : duration < lowest || duration > highest
                ? new SettingError("is out of range", $"use {DurationFormat.Format(lowest)} to {DurationFormat.Format(highest)}")
                : null;
        return duration.GetValueOrDefault();
    };

    /// <summary>One of the names of an enumeration, in any case.</summary>
    public static SettingParser<TEnum> Choice<TEnum>()
        where TEnum : struct, Enum => (string text, out SettingError? error) =>
    {
        var names = Enum.GetNames<TEnum>();
        var name = Array.Find(names, known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
        error = name is null ? new SettingError("is unknown", $"use one of {string.Join(", ", names)}") : null;
        return name is null ? default : Enum.Parse<TEnum>(name);
    };

    /// <summary>Entries separated by commas; empty ones are left out.</summary>
    public static SettingParser<ImmutableArray<T>> List<T>(SettingParser<T> parse) => (string text, out SettingError? error) =>
    {
        error = null;
        var list = ImmutableArray.CreateBuilder<T>();
        foreach (var entry in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            list.Add(parse(entry, out var wrong));
            error ??= wrong is null ? null : wrong with { What = $"has entry {list.Count}, which {wrong.What}" };
        }

        return list.ToImmutable();
    };
}
