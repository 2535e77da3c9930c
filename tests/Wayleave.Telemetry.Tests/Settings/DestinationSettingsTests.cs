using Wayleave.Settings;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Tests.Settings;

/// <summary>The endpoint, the credentials and the intervals.</summary>
public sealed class DestinationSettingsTests
{
    [Fact]
    public void Reads_the_endpoint_from_the_flag_then_our_variable_then_the_standard_one()
    {
        var standard = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://standard:4318");
        var ours = ("WAYLEAVE_TELEMETRY_ENDPOINT", "https://ours.example.com/otlp");

        Resolve(new(), standard).Endpoint.ShouldBe(new Uri("http://standard:4318"));
        Resolve(new(), standard, ours).Endpoint.ShouldBe(new Uri("https://ours.example.com/otlp"));
        Resolve(new() { ["telemetry-endpoint"] = "http://flag" }, standard, ours).Endpoint.ShouldBe(new Uri("http://flag"));
    }

    [Fact]
    public void An_empty_flag_clears_the_endpoint_and_a_blank_variable_is_ignored()
    {
        var standard = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://standard:4318");

        Resolve(new() { ["telemetry-endpoint"] = "" }, standard).Endpoint.ShouldBeNull();
        Resolve(new(), standard, ("WAYLEAVE_TELEMETRY_ENDPOINT", " ")).Endpoint.ShouldBe(new Uri("http://standard:4318"));
    }

    [Theory]
    [InlineData("collector:4318")]
    [InlineData("collector")]
    [InlineData("/v1/logs")]
    [InlineData("ftp://collector")]
    [InlineData("https://user:secret@collector")]
    [InlineData("https://")]
    [InlineData("https://collector/#part")]
    public void Ignores_an_invalid_endpoint_and_reports_it(string text)
    {
        var settings = Resolve(new(), ("WAYLEAVE_TELEMETRY_ENDPOINT", text));

        settings.Enabled.ShouldBeTrue();
        settings.Endpoint.ShouldBeNull();
        var problem = settings.Problems.ShouldHaveSingleItem();
        problem.ShouldStartWith("WAYLEAVE_TELEMETRY_ENDPOINT");
        problem.ShouldNotContain("secret");
    }

    [Fact]
    public void Reads_the_API_key_from_the_environment_and_does_not_print_it()
    {
        var settings = Resolve(new(), ("OTEL_EXPORTER_OTLP_API_KEY", "s3cret\n"), ("WAYLEAVE_TELEMETRY_ENDPOINT", "https://collector"));

        settings.ApiKey!.Secret.ShouldBe("s3cret");
        settings.ToString().ShouldNotContain("s3cret");
        settings.Endpoint.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("a b")]
    [InlineData("schl\u00FCssel")]
    public void Clears_the_endpoint_and_reports_an_API_key_that_is_invalid_in_a_header(string text)
    {
        var settings = Resolve(new(), ("OTEL_EXPORTER_OTLP_API_KEY", text), ("WAYLEAVE_TELEMETRY_ENDPOINT", "https://collector"));

        settings.Endpoint.ShouldBeNull();
        var problem = settings.Problems.ShouldHaveSingleItem();
        problem.ShouldStartWith("OTEL_EXPORTER_OTLP_API_KEY");
        problem.ShouldNotContain(text);
    }

    [Fact]
    public void Headers_come_from_the_standard_variable()
    {
        var settings = Resolve(new(), ("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Basic%20s3cret,x-tenant=shop"), Secure);

        settings.Enabled.ShouldBeTrue();
        settings.Headers.Names.ShouldBe(["Authorization", "x-tenant"]);
        settings.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("s3cret")]
    [InlineData("x-tenant=s3cret%0A")]
    public void Malformed_headers_disable_telemetry_and_are_not_repeated(string text)
    {
        var settings = Resolve(new(), ("OTEL_EXPORTER_OTLP_HEADERS", text), Secure);

        (settings.Enabled, settings.DisabledBy).ShouldBe((false, "OTEL_EXPORTER_OTLP_HEADERS"));
        var problem = settings.Problems.ShouldHaveSingleItem();
        problem.ShouldStartWith("OTEL_EXPORTER_OTLP_HEADERS is not a list of headers (entry 1 has ");
        problem.ShouldContain("telemetry is off; write it like name1=value1,name2=value2");
        problem.ShouldNotContain("s3cret");
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_API_KEY", "s3cret")]
    [InlineData("WAYLEAVE_TELEMETRY_API_KEY_FILE", "/etc/key-that-may-come-later")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "authorization=s3cret")]
    public void Credentials_over_plain_HTTP_disable_telemetry_and_the_problem_names_the_fix(string variable, string value)
    {
        var settings = Resolve(new(), (variable, value), ("WAYLEAVE_TELEMETRY_ENDPOINT", "http://collector.monitoring:4318"));

        (settings.Enabled, settings.DisabledBy).ShouldBe((false, "WAYLEAVE_TELEMETRY_ENDPOINT"));
        settings.Problems.ShouldHaveSingleItem().ShouldBe(
            "WAYLEAVE_TELEMETRY_ENDPOINT is a plain http:// address and would show the API key to the network, so telemetry is off; use "
            + "https://, or set --telemetry-insecure (WAYLEAVE_TELEMETRY_INSECURE, global.telemetry.insecure in the chart) to allow it");
    }

    [Theory]
    [InlineData("http://192.0.2.1:4318")]
    [InlineData("HTTP://collector")]
    [InlineData("http://0.0.0.0:4318")]
    [InlineData("http://localhost.example.com")]
    [InlineData("http://127.0.0.1.example.com")]
    [InlineData("http://[::2]")]
    public void An_API_key_over_plain_HTTP_to_a_non_loopback_address_disables_telemetry(string endpoint)
    {
        var settings = Resolve(new() { ["telemetry-endpoint"] = endpoint }, ("OTEL_EXPORTER_OTLP_API_KEY", "s3cret"));

        (settings.Enabled, settings.DisabledBy).ShouldBe((false, "--telemetry-endpoint"));
    }

    [Fact]
    public void A_query_in_a_plain_HTTP_endpoint_disables_telemetry() =>
        Resolve(new() { ["telemetry-endpoint"] = "http://collector/otlp?key=s3cret" }).Enabled.ShouldBeFalse();

    [Theory]
    [InlineData("https://collector")]
    [InlineData("http://localhost:4318")]
    [InlineData("http://127.0.0.1:4318")]
    [InlineData("http://127.9.9.9")]
    [InlineData("http://[::1]:4318")]
    public void Accepts_credentials_for_loopback_and_for_HTTPS(string endpoint)
    {
        var settings = Resolve(new() { ["telemetry-endpoint"] = endpoint }, ("OTEL_EXPORTER_OTLP_API_KEY", "s3cret"), ("OTEL_EXPORTER_OTLP_HEADERS", "a=b"));

        settings.Endpoint.ShouldBe(new Uri(endpoint));
        (settings.Enabled, settings.Problems.IsEmpty).ShouldBe((true, true));
    }

    [Fact]
    public void Accepts_plain_HTTP_without_credentials() => Resolve(new() { ["telemetry-endpoint"] = "http://collector" }).Enabled.ShouldBeTrue();

    [Fact]
    public void The_insecure_setting_allows_an_API_key_over_plain_HTTP()
    {
        var key = ("OTEL_EXPORTER_OTLP_API_KEY", "s3cret");
        const string endpoint = "http://collector";

        Resolve(new() { ["telemetry-endpoint"] = endpoint, ["telemetry-insecure"] = "true" }, key).Enabled.ShouldBeTrue();
        Resolve(new() { ["telemetry-endpoint"] = endpoint }, key, ("WAYLEAVE_TELEMETRY_INSECURE", "true")).Enabled.ShouldBeTrue();
        Resolve(new() { ["telemetry-endpoint"] = endpoint, ["telemetry-insecure"] = "perhaps" }, key).DisabledBy
            .ShouldBe("--telemetry-insecure");
    }

    [Fact]
    public void Reports_no_problem_with_the_endpoint_when_telemetry_is_disabled()
    {
        var settings = Resolve(new() { ["telemetry-enabled"] = "false", ["telemetry-endpoint"] = "http://collector" }, ("OTEL_EXPORTER_OTLP_API_KEY", "s3cret"));

        (settings.DisabledBy, settings.Problems.IsEmpty).ShouldBe(("--telemetry-enabled", true));
    }

    [Fact]
    public void Intervals_are_read_from_flags_and_environment()
    {
        var settings = Resolve(
            new() { ["telemetry-flush-interval"] = "1s" },
            ("WAYLEAVE_TELEMETRY_FLUSH_INTERVAL", "5m"),
            ("WAYLEAVE_TELEMETRY_ACTIVE_INTERVAL", "1h30m"));

        settings.FlushInterval.ShouldBe(TimeSpan.FromSeconds(1));
        settings.ActiveInterval.ShouldBe(TimeSpan.FromMinutes(90));
    }

    [Theory]
    [InlineData("999ms")]
    [InlineData("24h1s")]
    [InlineData("60")]
    [InlineData("soon")]
    public void Uses_the_default_for_an_invalid_interval_and_reports_the_flag(string text)
    {
        var settings = Resolve(new() { ["telemetry-flush-interval"] = text });

        settings.Enabled.ShouldBeTrue();
        settings.FlushInterval.ShouldBe(TimeSpan.FromSeconds(60));
        settings.Problems.ShouldHaveSingleItem().ShouldStartWith("--telemetry-flush-interval ");
    }

    [Fact]
    public void Reports_the_allowed_range_of_an_interval() =>
        Resolve(new(), ("WAYLEAVE_TELEMETRY_ACTIVE_INTERVAL", "1000h")).Problems.ShouldHaveSingleItem().ShouldBe(
            "WAYLEAVE_TELEMETRY_ACTIVE_INTERVAL is out of range, so 24h is used; use 1s to 744h");

    private static (string Name, string Value) Secure => ("WAYLEAVE_TELEMETRY_ENDPOINT", "https://collector.example.com");

    private static TelemetrySettings Resolve(Dictionary<string, string> flags, params (string Name, string Value)[] environment) =>
        TelemetrySettings.Resolve(new SettingBinder(flags, environment.ToDictionary(variable => variable.Name, variable => variable.Value)));
}
