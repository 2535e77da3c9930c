using Wayleave.Settings;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry;

/// <summary>The first log line: whether telemetry is on, what is sent, where to, and how to turn it off.</summary>
public static class TelemetryNotice
{
    private const string HowToTurnOff =
        "Turn it off with global.telemetry.enabled=false in the chart, WAYLEAVE_TELEMETRY_ENABLED=false, DO_NOT_TRACK=1 "
        + "or --telemetry-enabled=false.";

    /// <summary>One line, without any secret: of the endpoint only scheme, host and port are shown.</summary>
    public static string Describe(TelemetrySettings settings)
    {
        if (!settings.Enabled)
        {
            return $"Telemetry is off ({settings.DisabledBy ?? "by configuration"}): nothing is counted, kept or sent.";
        }

        var what = (settings.Usage, settings.Errors) switch
        {
            (true, true) => "anonymous counts of what was applied and deleted, and of errors by type",
            (true, false) => "anonymous counts of what was applied and deleted",
            _ => "anonymous counts of errors by type",
        };
        if (settings.Endpoint is not { } endpoint)
        {
            return $"Telemetry is on without an endpoint: {what} are kept in this cluster only, and nothing is sent. {HowToTurnOff}";
        }

        var where = endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        var often = DurationFormat.Format(settings.FlushInterval);
        return $"Telemetry is on: {what} are sent to {where}, at most every {often}; "
            + $"no names, labels or addresses are sent. {HowToTurnOff}";
    }
}
