using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Tests;

public sealed class TelemetryNoticeTests
{
    private static readonly string[] WaysOff =
        ["global.telemetry.enabled=false", "WAYLEAVE_TELEMETRY_ENABLED=false", "DO_NOT_TRACK=1", "--telemetry-enabled=false"];

    [Fact]
    public void On_it_says_what_where_to_and_how_to_turn_it_off()
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
    public void Without_an_endpoint_it_says_that_nothing_is_sent()
    {
        var notice = TelemetryNotice.Describe(TelemetrySettings.Default);

        notice.ShouldContain("nothing is sent");
        WaysOff.ShouldAllBe(way => notice.Contains(way, StringComparison.Ordinal));
    }

    [Fact]
    public void Off_it_says_by_what() =>
        TelemetryNotice.Describe(TelemetrySettings.Default with { Enabled = false, DisabledBy = "DO_NOT_TRACK" })
            .ShouldBe("Telemetry is off (DO_NOT_TRACK): nothing is counted, kept or sent.");

    [Fact]
    public void It_says_just_what_is_on()
    {
        TelemetryNotice.Describe(TelemetrySettings.Default with { Usage = false }).ShouldContain("anonymous counts of errors by type are");
        TelemetryNotice.Describe(TelemetrySettings.Default with { Errors = false })
            .ShouldContain("anonymous counts of what was applied and deleted are");
    }

    [Fact]
    public void A_user_in_the_address_is_not_shown() =>
        TelemetryNotice.Describe(TelemetrySettings.Default with { Endpoint = new Uri("https://user:secret@otel.example.com") })
            .ShouldContain("sent to https://otel.example.com,");
}
