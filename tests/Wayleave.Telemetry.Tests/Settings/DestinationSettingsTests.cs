using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Tests.Settings;

/// <summary>Where to, with what key, and how often.</summary>
public sealed class DestinationSettingsTests
{
    [Fact]
    public void The_endpoint_comes_from_the_flag_then_ours_then_the_standard_variable()
    {
        var standard = (TelemetryVariables.StandardEndpoint, "http://standard:4318");
        var ours = (TelemetryVariables.Endpoint, "https://ours.example.com/otlp");

        Resolve(new(), standard).Endpoint.ShouldBe(new Uri("http://standard:4318"));
        Resolve(new(), standard, ours).Endpoint.ShouldBe(new Uri("https://ours.example.com/otlp"));
        Resolve(new() { Endpoint = "http://flag" }, standard, ours).Endpoint.ShouldBe(new Uri("http://flag"));
    }

    [Fact]
    public void An_empty_flag_means_no_endpoint_and_an_empty_variable_means_nothing()
    {
        var standard = (TelemetryVariables.StandardEndpoint, "http://standard:4318");

        Resolve(new() { Endpoint = "" }, standard).Endpoint.ShouldBeNull();
        Resolve(new(), standard, (TelemetryVariables.Endpoint, " ")).Endpoint.ShouldBe(new Uri("http://standard:4318"));
    }

    [Theory]
    [InlineData("collector:4318")]
    [InlineData("collector")]
    [InlineData("/v1/logs")]
    [InlineData("ftp://collector")]
    [InlineData("https://user:secret@collector")]
    [InlineData("https://")]
    [InlineData("https://collector/#part")]
    public void An_endpoint_that_cannot_be_read_means_nothing_is_sent(string text)
    {
        var settings = Resolve(new(), (TelemetryVariables.Endpoint, text));

        settings.Enabled.ShouldBeTrue();
        settings.Endpoint.ShouldBeNull();
        var problem = settings.Problems.ShouldHaveSingleItem();
        problem.ShouldStartWith(TelemetryVariables.Endpoint);
        problem.ShouldNotContain("secret");
    }

    [Fact]
    public void The_api_key_comes_from_the_environment_and_does_not_show_itself()
    {
        var settings = Resolve(new(), (TelemetryVariables.ApiKey, "s3cret\n"), (TelemetryVariables.Endpoint, "http://collector"));

        settings.ApiKey!.Secret.ShouldBe("s3cret");
        settings.ToString().ShouldNotContain("s3cret");
        settings.Endpoint.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("a b")]
    [InlineData("schl\u00FCssel")]
    public void A_key_that_no_header_can_carry_means_nothing_is_sent(string text)
    {
        var settings = Resolve(new(), (TelemetryVariables.ApiKey, text), (TelemetryVariables.Endpoint, "http://collector"));

        settings.Endpoint.ShouldBeNull();
        var problem = settings.Problems.ShouldHaveSingleItem();
        problem.ShouldStartWith(TelemetryVariables.ApiKey);
        problem.ShouldNotContain(text);
    }

    [Fact]
    public void Intervals_are_read_from_flags_and_environment()
    {
        var settings = Resolve(
            new() { FlushInterval = "1s" },
            (TelemetryVariables.FlushInterval, "5m"),
            (TelemetryVariables.ActiveInterval, "1h30m"));

        settings.FlushInterval.ShouldBe(TimeSpan.FromSeconds(1));
        settings.ActiveInterval.ShouldBe(TimeSpan.FromMinutes(90));
    }

    [Theory]
    [InlineData("999ms")]
    [InlineData("24h1s")]
    [InlineData("60")]
    [InlineData("soon")]
    public void An_interval_that_cannot_be_used_keeps_its_default_and_is_named(string text)
    {
        var settings = Resolve(new() { FlushInterval = text });

        settings.Enabled.ShouldBeTrue();
        settings.FlushInterval.ShouldBe(TimeSpan.FromSeconds(60));
        settings.Problems.ShouldHaveSingleItem().ShouldStartWith("--telemetry-flush-interval ");
    }

    [Fact]
    public void A_problem_with_bounds_names_them() =>
        Resolve(new(), (TelemetryVariables.ActiveInterval, "1000h")).Problems.ShouldHaveSingleItem().ShouldBe(
            "WAYLEAVE_TELEMETRY_ACTIVE_INTERVAL is out of range, so 24h is used; set it to between 1s and 744h.");

    private static TelemetrySettings Resolve(TelemetryFlags flags, params (string Name, string Value)[] environment) =>
        TelemetrySettings.Resolve(flags, environment.ToDictionary(variable => variable.Name, variable => variable.Value));
}
