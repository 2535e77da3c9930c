using System.Globalization;

namespace Wayleave.Cli.Output;

/// <summary>Ages as kubectl shows them: <c>45s</c>, <c>5m10s</c>, <c>3h</c>, <c>2d4h</c>.</summary>
internal static class Age
{
    public static string Format(DateTime? created, DateTimeOffset now)
    {
        if (created is not { } since)
        {
            return "<unknown>";
        }

        var age = now.UtcDateTime - since.ToUniversalTime();
        return age switch
        {
            { Ticks: < 0 } => "0s",
            { TotalMinutes: < 2 } => Text($"{(int)age.TotalSeconds}s"),
            { TotalMinutes: < 10 } => age.Seconds == 0 ? Text($"{age.Minutes}m") : Text($"{age.Minutes}m{age.Seconds}s"),
            { TotalHours: < 3 } => Text($"{(int)age.TotalMinutes}m"),
            { TotalHours: < 8 } => age.Minutes == 0 ? Text($"{age.Hours}h") : Text($"{age.Hours}h{age.Minutes}m"),
            { TotalHours: < 48 } => Text($"{(int)age.TotalHours}h"),
            { TotalDays: < 8 } => age.Hours == 0 ? Text($"{age.Days}d") : Text($"{age.Days}d{age.Hours}h"),
            _ => Text($"{age.Days}d"),
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
