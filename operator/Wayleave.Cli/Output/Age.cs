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
            { TotalMinutes: < 2 } => $"{(int)age.TotalSeconds}s",
            { TotalMinutes: < 10 } => age.Seconds == 0 ? $"{age.Minutes}m" : $"{age.Minutes}m{age.Seconds}s",
            { TotalHours: < 3 } => $"{(int)age.TotalMinutes}m",
            { TotalHours: < 8 } => age.Minutes == 0 ? $"{age.Hours}h" : $"{age.Hours}h{age.Minutes}m",
            { TotalHours: < 48 } => $"{(int)age.TotalHours}h",
            { TotalDays: < 8 } => age.Hours == 0 ? $"{age.Days}d" : $"{age.Days}d{age.Hours}h",
            _ => $"{age.Days}d",
        };
    }
}
