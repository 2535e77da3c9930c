namespace Wayleave.Telemetry.Settings;

/// <summary>What an interval may be.</summary>
/// <param name="Minimum">The shortest.</param>
/// <param name="Maximum">The longest.</param>
/// <param name="Default">What it is when nothing readable is given.</param>
internal sealed record IntervalRange(TimeSpan Minimum, TimeSpan Maximum, TimeSpan Default)
{
    public static IntervalRange Active { get; } =
        new(TimeSpan.FromSeconds(1), TimeSpan.FromDays(31), TelemetrySettings.Default.ActiveInterval);

    public static IntervalRange Flush { get; } =
        new(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24), TelemetrySettings.Default.FlushInterval);
}
