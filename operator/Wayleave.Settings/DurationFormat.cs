using System.Globalization;
using System.Text.RegularExpressions;

namespace Wayleave.Settings;

/// <summary>
/// Durations as Go writes them (<c>1h30m</c>, <c>1.5s</c>, <c>250ms</c>), which is what people write in a Helm chart, and as .NET does
/// (<c>00:01:30</c>). A number without a unit is rejected, because it is ambiguous.
/// </summary>
public static partial class DurationFormat
{
    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(3650);

    /// <summary>Null if the text is no duration, is negative, or is longer than ten years.</summary>
    public static TimeSpan? ParseOrNull(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            var isSpan = TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span);
            return isSpan && span >= TimeSpan.Zero && span <= MaxDuration ? span : null;
        }

        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var units = match.Groups["unit"].Captures;
        var ticks = match.Groups["number"].Captures.Select((number, index) =>
            decimal.Parse(number.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * GetTicks(units[index].Value)).Sum();
        return ticks <= MaxDuration.Ticks ? new TimeSpan((long)ticks) : null;
    }

    /// <summary>In the way of Go, without parts that are zero: <c>24h</c>, <c>1m30s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        (long Number, string Unit)[] parts =
            [((long)duration.TotalHours, "h"), (duration.Minutes, "m"), (duration.Seconds, "s"), (duration.Milliseconds, "ms")];
        var text = string.Concat(parts.Where(part => part.Number != 0).Select(part => $"{part.Number}{part.Unit}"));
        return text.Length == 0 ? "0s" : text;
    }

    private static decimal GetTicks(string unit) => unit switch
    {
        "h" => TimeSpan.TicksPerHour,
        "m" => TimeSpan.TicksPerMinute,
        "s" => TimeSpan.TicksPerSecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "ns" => 0.01m,
        _ => TimeSpan.TicksPerMicrosecond,
    };

    // Nine digits, so that no sum overflows. The micro sign has two code points.
    [GeneratedRegex(
        @"\A((?<number>\d{1,9}(\.\d{1,9})?)(?<unit>h|ms|m|s|us|\u00B5s|\u03BCs|ns)){1,8}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
