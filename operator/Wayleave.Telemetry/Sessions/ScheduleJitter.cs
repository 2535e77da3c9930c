using System.Globalization;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Sessions;

/// <summary>
/// When a cluster's turn comes: at a place of its own in each interval, drawn from its context id, so that a fleet does not report in
/// the same second. The places are fixed in time, so a restart neither delays a turn nor adds one. Pure.
/// </summary>
internal static class ScheduleJitter
{
    private const int Digits = 15;

    /// <summary>The first turn from <paramref name="now"/> on: less than one interval away.</summary>
    public static DateTimeOffset Next(ContextId context, TimeSpan interval, DateTimeOffset now)
    {
        var place = long.Parse(context.Value.AsSpan(0, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var sinceTurn = (now.UtcTicks - (place % interval.Ticks)) % interval.Ticks;
        return sinceTurn == 0 ? now : now.AddTicks(interval.Ticks - sinceTurn);
    }
}
