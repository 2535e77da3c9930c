using System.Globalization;
using System.Text.RegularExpressions;

namespace Wayleave.Mapper.Configuration;

/// <summary>A flag and its environment variable.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Placeholder">The placeholder of the value in the help. Null for a switch.</param>
/// <param name="DefaultText">As it would be given. Empty for none.</param>
/// <param name="Description">For the help.</param>
internal sealed record Flag(string Name, string? Placeholder, string DefaultText, string Description)
{
    public string Option => $"--{Name}";

    public string Variable => "WAYLEAVE_MAPPER_" + Name.Replace('-', '_').ToUpperInvariant();

    public string Help => $"{Description} [{Variable}{(DefaultText.Length == 0 ? "" : $"; default: {DefaultText}")}]";
}

/// <summary>A flag or variable cannot be used. The message names it and the fix.</summary>
internal sealed class OptionsException(string message) : Exception(message);

/// <summary>
/// Reads flags. A flag takes precedence, even without a value; then its variable, unless it is blank; then the default. White space around
/// a text is ignored.
/// </summary>
/// <param name="given">The flags that were given, by name without dashes.</param>
/// <param name="environment">The environment variables.</param>
internal sealed partial class FlagReader(IReadOnlyDictionary<string, string> given, IReadOnlyDictionary<string, string> environment)
{
    private const int LongestLabel = 63;

    /// <summary>Null if it is empty.</summary>
    public string? Text(Flag flag) => Find(flag).Text is { Length: > 0 } text ? text : null;

    public bool Switch(Flag flag) => Find(flag).Text.ToUpperInvariant() switch
    {
        "TRUE" or "1" or "YES" or "ON" => true,
        "FALSE" or "0" or "NO" or "OFF" => false,
        _ => throw Unusable(flag, "is neither true nor false", "set it to true or false"),
    };

    public int Port(Flag flag) =>
        int.TryParse(Find(flag).Text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw Unusable(flag, "is not a port", "use 1 to 65535, or 0 for a free port");

    /// <summary>The name of a namespace or Service.</summary>
    public string Label(Flag flag) => IsLabel(Find(flag).Text)
        ? Find(flag).Text
        : throw Unusable(
            flag,
            "is not a name",
            $"use at most {LongestLabel} lower-case letters, digits and -, and begin and end with a letter or a digit");

    public LogLevel Level(Flag flag)
    {
        var names = Enum.GetNames<LogLevel>();
        return Array.Find(names, name => name.Equals(Find(flag).Text, StringComparison.OrdinalIgnoreCase)) is { } known
            ? Enum.Parse<LogLevel>(known)
            : throw Unusable(flag, "is unknown", $"use one of {string.Join(", ", names)}");
    }

    public TimeSpan Duration(Flag flag, TimeSpan lowest, TimeSpan highest)
    {
        var duration = ParseDuration(Find(flag).Text) ?? throw Unusable(flag, "is not a duration", "write it like 720h or 1h30m");
        return duration >= lowest && duration <= highest
            ? duration
            : throw Unusable(flag, "is out of range", $"use {(long)lowest.TotalHours}h to {(long)highest.TotalHours}h");
    }

    private (string Text, string Source) Find(Flag flag) =>
        given.TryGetValue(flag.Name, out var text) ? (text.Trim(), flag.Option)
        : environment.TryGetValue(flag.Variable, out var variable) && !string.IsNullOrWhiteSpace(variable)
            ? (variable.Trim(), flag.Variable)
        : (flag.DefaultText, flag.Option);

    private OptionsException Unusable(Flag flag, string what, string fix)
    {
        var (text, source) = Find(flag);
        return new OptionsException($"{source}: \"{text}\" {what}; {fix}");
    }

    private static bool IsLabel(string text) => text.Length is > 0 and <= LongestLabel
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
        && text[0] != '-' && text[^1] != '-';

    // As Go writes them, which is what people write in the values of a chart.
    private static TimeSpan? ParseDuration(string text)
    {
        var match = DurationPattern().Match(text);
        return match.Success
            ? new TimeSpan(PartOf("h"), PartOf("m"), PartOf("s"))
            : null;

        int PartOf(string unit) =>
            match.Groups[unit] is { Success: true } group ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"\A(?=\d)((?<h>\d{1,6})h)?((?<m>\d{1,8})m)?((?<s>\d{1,8})s)?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DurationPattern();
}
