using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Tests;

public sealed class TelemetryNoticeTests
{
    private static readonly string[] WaysOff =
        ["global.telemetry.enabled=false", "WAYLEAVE_TELEMETRY_ENABLED=false", "DO_NOT_TRACK=1", "--telemetry-enabled=false"];

    [Fact]
    public void Says_what_is_sent_where_and_how_to_turn_it_off()
    {
        var endpoint = new Uri("https://otel.example.com:4318/team?key=secret");
        var notice = TelemetryNotice.Describe(TelemetrySettings.Default with { Endpoint = endpoint });

        notice.ShouldStartWith("Telemetry is on: anonymous counts");
        notice.ShouldContain("sent to https://otel.example.com:4318, at most every 1m;");
        notice.ShouldNotContain("secret");
        notice.ShouldNotContain("team");
        notice.ShouldNotContain("\n");
        WaysOff.ShouldAllBe(way => notice.Contains(way, StringComparison.Ordinal));
    }

    [Fact]
    public void Says_that_nothing_is_sent_without_an_endpoint()
    {
        var notice = TelemetryNotice.Describe(TelemetrySettings.Default);

        notice.ShouldContain("nothing is sent");
        WaysOff.ShouldAllBe(way => notice.Contains(way, StringComparison.Ordinal));
    }

    [Fact]
    public void Says_which_setting_disabled_telemetry() =>
        TelemetryNotice.Describe(TelemetrySettings.Default with { Enabled = false, DisabledBy = "DO_NOT_TRACK" })
            .ShouldBe("Telemetry is off (DO_NOT_TRACK): nothing is counted, kept or sent.");

    [Fact]
    public void Names_only_the_enabled_counts()
    {
        TelemetryNotice.Describe(TelemetrySettings.Default with { Usage = false }).ShouldContain("anonymous counts of errors by type are");
        TelemetryNotice.Describe(TelemetrySettings.Default with { Errors = false })
            .ShouldContain("anonymous counts of what was applied and deleted are");
    }

    [Fact]
    public void Does_not_show_the_user_in_the_endpoint() =>
        TelemetryNotice.Describe(TelemetrySettings.Default with { Endpoint = new Uri("https://user:secret@otel.example.com") })
            .ShouldContain("sent to https://otel.example.com,");
}
