using Wayleave.Settings;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Tests.Settings;

public sealed class TelemetrySettingsTests
{
    [Fact]
    public void Is_enabled_without_an_endpoint_by_default()
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
    public void Reads_from_the_environment_whether_telemetry_is_enabled(string text, bool enabled)
    {
        var settings = Resolve(new(), ("WAYLEAVE_TELEMETRY_ENABLED", text));

        settings.Enabled.ShouldBe(enabled);
        settings.DisabledBy.ShouldBe(enabled ? null : "WAYLEAVE_TELEMETRY_ENABLED");
        settings.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_flag_overrides_the_environment()
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
    public void Honors_DO_NOT_TRACK(string text, bool enabled) =>
        Resolve(new(), ("DO_NOT_TRACK", text)).Enabled.ShouldBe(enabled);

    [Fact]
    public void DO_NOT_TRACK_overrides_a_flag_and_the_environment()
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
    public void Honors_OTEL_SDK_DISABLED(string text, bool enabled)
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
    public void A_malformed_variable_disables_telemetry_and_is_reported_by_name(string variable)
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
    public void A_malformed_flag_disables_telemetry_and_is_reported_by_name()
    {
        var settings = Resolve(new() { ["telemetry-usage-enabled"] = "" }, ("WAYLEAVE_TELEMETRY_USAGE_ENABLED", "true"));

        settings.Enabled.ShouldBeFalse();
        settings.Problems.ShouldHaveSingleItem().ShouldStartWith("--telemetry-usage-enabled ");
    }

    [Fact]
    public void Usage_and_errors_can_be_disabled_separately()
    {
        var usageOff = Resolve(new(), ("WAYLEAVE_TELEMETRY_USAGE_ENABLED", "false"));
        var errorsOff = Resolve(new() { ["telemetry-errors-enabled"] = "false" });

        (usageOff.Enabled, usageOff.Usage, usageOff.Errors).ShouldBe((true, false, true));
        (errorsOff.Enabled, errorsOff.Usage, errorsOff.Errors).ShouldBe((true, true, false));
    }

    [Fact]
    public void Disabling_both_usage_and_errors_disables_telemetry()
    {
        var settings = Resolve(new() { ["telemetry-errors-enabled"] = "false" }, ("WAYLEAVE_TELEMETRY_USAGE_ENABLED", "false"));

        settings.Enabled.ShouldBeFalse();
        settings.DisabledBy.ShouldBe($"WAYLEAVE_TELEMETRY_USAGE_ENABLED and --telemetry-errors-enabled");
    }

    private static TelemetrySettings Resolve(Dictionary<string, string> flags, params (string Name, string Value)[] environment) =>
        TelemetrySettings.Resolve(new SettingBinder(flags, environment.ToDictionary(variable => variable.Name, variable => variable.Value)));
}
