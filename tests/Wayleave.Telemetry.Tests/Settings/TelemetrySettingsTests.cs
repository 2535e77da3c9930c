using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Tests.Settings;

public sealed class TelemetrySettingsTests
{
    [Fact]
    public void With_nothing_said_telemetry_is_on_and_has_nowhere_to_send()
    {
        var settings = Resolve(new());

        settings.Enabled.ShouldBeTrue();
        settings.DisabledBy.ShouldBeNull();
        settings.Usage.ShouldBeTrue();
        settings.Errors.ShouldBeTrue();
        settings.Debug.ShouldBeFalse();
        settings.Endpoint.ShouldBeNull();
        settings.ApiKey.ShouldBeNull();
        settings.ActiveInterval.ShouldBe(TimeSpan.FromHours(24));
        settings.FlushInterval.ShouldBe(TimeSpan.FromSeconds(60));
        settings.ExportTimeout.ShouldBe(TimeSpan.FromSeconds(10));
        settings.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("on", true)]
    [InlineData("false", false)]
    [InlineData("False", false)]
    [InlineData(" 0 ", false)]
    [InlineData("no", false)]
    [InlineData("off", false)]
    public void The_switch_is_read_from_the_environment(string text, bool enabled)
    {
        var settings = Resolve(new(), ("WAYLEAVE_TELEMETRY_ENABLED", text));

        settings.Enabled.ShouldBe(enabled);
        settings.DisabledBy.ShouldBe(enabled ? null : "WAYLEAVE_TELEMETRY_ENABLED");
        settings.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_flag_beats_the_environment()
    {
        Resolve(new() { ["telemetry-enabled"] = "true" }, ("WAYLEAVE_TELEMETRY_ENABLED", "false")).Enabled.ShouldBeTrue();
        var off = Resolve(new() { ["telemetry-enabled"] = "false" }, ("WAYLEAVE_TELEMETRY_ENABLED", "true"));
        off.Enabled.ShouldBeFalse();
        off.DisabledBy.ShouldBe("--telemetry-enabled");
    }

    [Theory]
    [InlineData("1", false)]
    [InlineData("true", false)]
    [InlineData("please", false)]
    [InlineData("0", true)]
    [InlineData("false", true)]
    [InlineData("FALSE", true)]
    [InlineData("", true)]
    public void Do_not_track_is_honoured(string text, bool enabled) =>
        Resolve(new(), ("DO_NOT_TRACK", text)).Enabled.ShouldBe(enabled);

    [Fact]
    public void Do_not_track_beats_a_flag_and_the_environment()
    {
        var settings = Resolve(
            new() { ["telemetry-enabled"] = "true" }, ("DO_NOT_TRACK", "1"), ("WAYLEAVE_TELEMETRY_ENABLED", "true"));

        settings.Enabled.ShouldBeFalse();
        settings.DisabledBy.ShouldBe("DO_NOT_TRACK");
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("TRUE", false)]
    [InlineData(" True ", false)]
    [InlineData("1", false)]
    [InlineData("false", true)]
    [InlineData("False", true)]
    [InlineData("0", true)]
    [InlineData("", true)]
    public void The_switch_of_the_OpenTelemetry_specification_is_honored(string text, bool enabled)
    {
        var settings = Resolve(new() { ["telemetry-enabled"] = "true" }, ("OTEL_SDK_DISABLED", text));

        (settings.Enabled, settings.DisabledBy).ShouldBe((enabled, enabled ? null : "OTEL_SDK_DISABLED"));
        settings.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED")]
    [InlineData("WAYLEAVE_TELEMETRY_INSECURE")]
    [InlineData("WAYLEAVE_TELEMETRY_ENABLED")]
    [InlineData("WAYLEAVE_TELEMETRY_USAGE_ENABLED")]
    [InlineData("WAYLEAVE_TELEMETRY_ERRORS_ENABLED")]
    [InlineData("WAYLEAVE_TELEMETRY_DEBUG")]
    public void A_switch_that_cannot_be_read_turns_telemetry_off_and_is_named(string variable)
    {
        var settings = Resolve(new(), (variable, "maybe"));

        settings.Enabled.ShouldBeFalse();
        settings.DisabledBy.ShouldBe(variable);
        var problem = settings.Problems.ShouldHaveSingleItem();
        problem.ShouldContain(variable);
        problem.ShouldContain("set it to true or false");
        problem.ShouldNotContain("maybe");
    }

    [Fact]
    public void A_flag_that_cannot_be_read_turns_telemetry_off_and_is_named()
    {
        var settings = Resolve(new() { ["telemetry-usage-enabled"] = "" }, ("WAYLEAVE_TELEMETRY_USAGE_ENABLED", "true"));

        settings.Enabled.ShouldBeFalse();
        settings.Problems.ShouldHaveSingleItem().ShouldStartWith("--telemetry-usage-enabled ");
    }

    [Fact]
    public void Usage_and_errors_are_switched_apart()
    {
        var usageOff = Resolve(new(), ("WAYLEAVE_TELEMETRY_USAGE_ENABLED", "false"));
        var errorsOff = Resolve(new() { ["telemetry-errors-enabled"] = "false" });

        (usageOff.Enabled, usageOff.Usage, usageOff.Errors).ShouldBe((true, false, true));
        (errorsOff.Enabled, errorsOff.Usage, errorsOff.Errors).ShouldBe((true, true, false));
    }

    [Fact]
    public void With_both_switched_off_telemetry_is_off()
    {
        var settings = Resolve(new() { ["telemetry-errors-enabled"] = "false" }, ("WAYLEAVE_TELEMETRY_USAGE_ENABLED", "false"));

        settings.Enabled.ShouldBeFalse();
        settings.DisabledBy.ShouldBe($"WAYLEAVE_TELEMETRY_USAGE_ENABLED and --telemetry-errors-enabled");
    }

    private static TelemetrySettings Resolve(Dictionary<string, string> flags, params (string Name, string Value)[] environment) =>
        TelemetrySettings.Resolve(new SettingBinder(flags, environment.ToDictionary(variable => variable.Name, variable => variable.Value)));
}
